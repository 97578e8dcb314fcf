import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { CodeBuild } from '../../lib/local/codebuild/code-build';
import { codeCommit } from '../../lib/local/codecommit/code-commit';
import { Repositories } from '../../lib/local/codecommit/repositories';
import { CodeDeploy } from '../../lib/local/codedeploy/code-deploy';
import { Gateway } from '../../lib/local/gateway/gateway';
import { Apps } from '../../lib/local/github/access/apps';
import { GitHub } from '../../lib/local/github/github';
import type { Faults } from '../../lib/local/github/http/faults';
import { LIMITS } from '../../lib/local/github/http/limits';
import { GITHUB_PATH, githubApiUrl } from '../../lib/local/github/http/paths';
import { Hooks } from '../../lib/local/github/webhooks/hooks';
import { toEvent, Webhooks } from '../../lib/local/github/webhooks/webhooks';
import { AccountQuotas } from '../../lib/local/quotas/account-quotas';
import { TestClock } from '../test-clock';
import { eventually, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** An error that nobody foresaw, wherever it is thrown. */
const broken = (): never => {
  throw new TypeError('nobody foresaw this');
};
/** Half a character, of which no URL can be made. */
const HALF = '\ud800';

describe('an error that nobody foresaw', () => {
  const directory = mkdtempSync(join(tmpdir(), 'seedbed-unforeseen-'));
  const reported: { during: string; error: unknown }[] = [];
  const report = (during: string, error: unknown) => reported.push({ during, error });
  const home = { accountId: '111122223333', region: 'us-east-1' };
  const emulator = { json: async () => ({ projects: [project] }), send: broken } as unknown as EmulatorClient;
  let project: object | null = null;
  let gateway: Gateway;
  let github: GitHub;
  let endpoint: string;

  beforeAll(async () => {
    gateway = new Gateway(home.accountId, home.region, report);
    endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
    const repositories = new Repositories(join(directory, 'repositories'), endpoint);
    gateway.add(codeCommit({ repositories, home, endpoint }));
    const host = {
      emulator,
      endpoint,
      checkout: directory,
      compiled: directory,
      scratchDir: join(directory, 'builds'),
      python: 'python3',
    };
    gateway.add(new CodeBuild(host, async () => undefined, new AccountQuotas(), report));
    gateway.add(new CodeDeploy({ emulator, emit: async () => undefined, speed: 1, report }));
    gateway.add({
      target: 'Double_20260101',
      others: 'refuse',
      rights: () => [],
      operations: { Throw: broken, Reject: async () => broken(), Odd: async () => ({ of: 1n }) },
    });
    github = new GitHub({ root: join(directory, 'github'), endpoint, report });
    gateway.handle(GITHUB_PATH, github.answer);
    gateway.handle('/throws', broken);
    gateway.handle('/rejects', async () => broken());
    gateway.handle('/breaks-off', async (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      broken();
    });
    gateway.handle('/ends-twice', async (_request, response) => {
      response.end('whole');
      response.write('and more');
    });
    const control = { tokens: [{ token: 'ada', login: 'ada' }] };
    await fetch(`${endpoint}/_github/control`, { method: 'POST', body: JSON.stringify(control) });
  });
  afterEach(async () => {
    reported.length = 0;
    expect((await call('CodeCommit_20150413.ListRepositories', {})).status).toBe(200);
  });
  afterAll(async () => {
    await github.stop();
    await gateway.close();
    await rm(directory, { recursive: true, force: true });
  });

  const authorization = `AWS4-HMAC-SHA256 Credential=${home.accountId}/20260101/us-east-1/any/aws4_request, Signature=0`;
  const call = (target: string, input: unknown, more: Record<string, string> = {}) => {
    const headers = { 'x-amz-target': target, authorization, ...more };
    return fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  };

  const ask = (method: string, path: string, body?: unknown) => {
    const headers = { authorization: 'token ada' };
    return fetch(`${githubApiUrl(endpoint)}${path}`, { method, headers, body: JSON.stringify(body) });
  };

  it.each([
    ['CodeBuild_20161006.BatchGetBuilds', { ids: [5] }],
    ['CodeBuild_20161006.BatchGetBuilds', { ids: null }],
    ['CodeCommit_20150413.CreateRepository', { repositoryName: 'odd', repositoryDescription: 'a\0b' }],
    ['CodeDeploy_20141006.BatchGetDeployments', { deploymentIds: 5 }],
    ['Double_20260101.Throw', {}],
    ['Double_20260101.Reject', {}],
    ['Double_20260101.Odd', {}],
  ])('in %s is answered as AWS does, with the id that is in the log', async (target, input) => {
    const answer = await call(target, input);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ __type: 'InternalFailure', message: expect.any(String) });
    const [, operation] = target.split('.');
    const id = answer.headers.get('x-amzn-requestid');
    expect(reported).toEqual([
      {
        during: `any ${operation} (request ${id})`,
        error: expect.objectContaining({ stack: expect.any(String) }),
      },
    ]);
  });

  it.each(['/throws', '/rejects'])('in a handler that %s is answered with a 500', async (path) => {
    const answer = await fetch(`${endpoint}${path}?secret=1`);
    expect([answer.status, await answer.text()]).toEqual([500, 'nobody foresaw this\n']);
    expect(reported).toMatchObject([{ during: expect.stringMatching(`^GET ${path} \\(request `) }]);
  });

  it('in the middle of an answer breaks it off, so that it does not look whole', async () => {
    await expect(fetch(`${endpoint}/breaks-off`).then((answer) => answer.text())).rejects.toThrow();
    expect(reported).toMatchObject([{ error: { message: 'nobody foresaw this' } }]);
  });

  it('after an answer leaves it as it is', async () => {
    expect(await (await fetch(`${endpoint}/ends-twice`)).text()).toBe('whole');
    expect(reported).toMatchObject([{ during: 'GET /ends-twice', error: { code: 'ERR_STREAM_WRITE_AFTER_END' } }]);
  });

  it('in the local GitHub is answered as GitHub does', async () => {
    await ask('POST', '/orgs/acme/repos', { name: 'gone' });
    await rm(join(directory, 'github'), { recursive: true }); // behind its back
    const answer = await ask('GET', '/repos/acme/gone/branches');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      message: expect.stringMatching('^the double of GitHub failed at GET /repos/{owner}/{repo}/branches: '),
      documentation_url: expect.any(String),
      status: '500',
    });
    const during = 'GET /repos/{owner}/{repo}/branches of the double of GitHub';
    expect(reported).toEqual([{ during, error: expect.any(Error) }]);
  });

  it.each(['/_github/control', '/_seedbed/faults'])('is not what %s is told that is not JSON', async (path) => {
    const answer = await fetch(`${endpoint}${path}`, { method: 'POST', body: 'no JSON' });
    expect(answer.status).toBe(400);
    expect(reported).toEqual([]);
  });

  it('in a push that is no gzip breaks it off', async () => {
    await ask('POST', '/orgs/acme/repos', { name: 'garden' });
    const push = fetch(`${endpoint}/_github/git/acme/garden.git/git-receive-pack`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('x:ada').toString('base64')}`, 'content-encoding': 'gzip' },
      body: 'no gzip',
    });
    await expect(push.then((answer) => answer.text())).rejects.toThrow();
    expect(reported).toEqual([]);
  });

  it('in a build that nobody waits for is reported', async () => {
    const logsConfig = { cloudWatchLogs: { groupName: HALF } };
    project = { name: 'odd', source: { type: 'NO_SOURCE' }, logsConfig };
    expect((await call('CodeBuild_20161006.StartBuild', { projectName: 'odd' })).status).toBe(500);
    await eventually(async () => reported.some(({ during }) => during.startsWith('build odd:')) || undefined);
    expect(reported).toContainEqual({
      during: expect.stringMatching('^the start of build odd:'),
      error: expect.objectContaining({ name: 'URIError' }),
    });
  });

  it('in a webhook that nobody waits for is reported', async () => {
    const hooks = new Hooks(Date.now);
    const config = { url: 'http://127.0.0.1:1', content_type: 'json', insecure_ssl: '0' } as const;
    const hook = hooks.add({ kind: 'repository', id: 1 }, { active: true, events: ['*'], config });
    const faults = { takeWebhook: broken } as unknown as Faults;
    const parts = { hooks, faults, apps: new Apps(), limits: LIMITS, clock: new TestClock(), endpoint, report };
    const webhooks = new Webhooks(parts);
    webhooks.send(hook, toEvent('ping', {}));
    await webhooks.settled();
    expect(reported).toMatchObject([
      { during: `the delivery of ping to hook ${hook.id}`, error: { name: 'TypeError' } },
    ]);
  });

  it('outside of any request leaves a local cloud in the background as it is', async () => {
    const code = `
      require('./lib/local/calls/unforeseen.ts').surviveUnforeseen();
      setTimeout(() => { throw new Error('in a timer'); });
      Promise.reject(new Error('in a promise'));
      setTimeout(() => new (require('node:events'))().emit('error', new Error('in an event')));
      setTimeout(() => console.log('still there'), 20);
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-r', 'tsx/cjs', '-e', code]);
    expect(stdout).toBe('still there\n');
    for (const where of ['in a timer', 'in a promise', 'in an event'])
      expect(stderr).toMatch(
        new RegExp(`nobody foresaw, during work that no request waits for: Error: ${where}\\n +at `),
      );
  });
});
