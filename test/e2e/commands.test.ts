import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { sqsClient } from '../../lib/aws/clients/sqs';
import { connectPlatform } from '../../lib/cli/platform/connect-platform';
import { isReadable } from '../../lib/core/contracts/unreadable';
import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';
import { aRole } from './iam-roles';

jest.setTimeout(PATIENCE);

/** The command line as people call it, against the platform of the local cloud. */
const SEEDBED = join(__dirname, '../../bin/seedbed.js');
const DEV = ['--app', 'commands', '--stage', 'dev'];

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}
const seedbed = (...args: string[]): Promise<Ended> => seedbedWith('', ...args);
const seedbedWith = (input: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...person };
    const called = execFile(process.execPath, [SEEDBED, ...args], { encoding: 'utf8', env }, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
    called.stdin?.end(input);
  });

/** Whose credentials commands are called with; the account's root unless given. */
let person: Readonly<Record<string, string>> = {};
async function as<T>(someone: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  person = someone;
  try {
    return await work();
  } finally {
    person = {};
  }
}

const json = async (...args: string[]) => {
  const { status, out, err } = await seedbed(...args, '--json');
  try {
    return { status, value: JSON.parse(out) };
  } catch {
    throw new Error(`seedbed ${args.join(' ')}: exit code ${status}\n${out}\n${err}`);
  }
};

/** A policy of docs/security.md, for this app. */
async function policyOf(name: string) {
  const { DoorArn } = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!;
  const page = await readFile(join(__dirname, '../../docs/security.md'), 'utf8');
  const [, text = ''] = new RegExp(`<!-- policy: ${name} -->\\n\`\`\`json\\n(.*?)\\n\`\`\``, 's').exec(page)!;
  const [region, account] = DoorArn!.split(':').slice(3);
  const ours = text.replaceAll('<DoorArn>', DoorArn!).replaceAll('<region>', region!).replaceAll('<account>', account!);
  return JSON.parse(ours.replaceAll('/apps/shop/', '/apps/commands/')).Statement;
}

/** A person who has that policy and no other. @returns their credentials, and who AWS says that they are */
async function aPerson(policy: string, session: string) {
  const RoleArn = await aRole({ name: `commands-${policy}`, statements: await policyOf(policy) });
  const answer = await new STSClient().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: session }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
  const credentials = {
    AWS_ACCESS_KEY_ID: AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey!,
    AWS_SESSION_TOKEN: SessionToken!,
  };
  return { credentials, arn: answer.AssumedRoleUser!.Arn! };
}
type Person = Awaited<ReturnType<typeof aPerson>>;

let app: AnApp;
let gate: Gate;
let developer: Person;
let releaser: Person;
let refused: Ended[];
let toProd: Awaited<ReturnType<typeof json>>;
let topic: string;
let planned: Awaited<ReturnType<typeof json>>;
let deployed: Awaited<ReturnType<typeof json>>;
let logs: Ended;
let cancelled: Awaited<ReturnType<typeof json>>;

beforeAll(async () => {
  [app, gate, developer, releaser] = await Promise.all([
    anApp('commands'),
    aGate(),
    aPerson('developer', 'ada'),
    aPerson('releaser', 'the-boss'),
  ]);
  await app.deploy({
    ...aService({ path: 'api', name: 'commands-api', functions: { hello: 'hello A' }, api: true }),
    ...aService({ path: 'web', name: 'commands-web', functions: { page: 'page A' } }),
  });
  topic = await app.push({ 'api/hello.js': answering('hello B') }, { branch: 'topic' });
  [planned, deployed] = await as(developer.credentials, async () => [
    await json('plan', ...DEV, '--branch', 'topic'),
    await json('deploy', ...DEV, '--branch', 'topic'),
  ]);
  logs = await seedbed('logs', ...DEV);

  await app.push({ ...heldBuilds(gate), [`api/${HELD}`]: '' }, { branch: 'topic' });
  const { value: started } = await json('deploy', ...DEV, '--branch', 'topic', '--no-follow');
  await gate.next('build');
  cancelled = await as(developer.credentials, () => json('cancel', ...DEV, started.releaseId.slice(-10)));

  // Without a service there is nothing to build.
  await app.push({ api: null, web: null, 'README.md': 'nothing' }, { branch: 'empty' });
  const prod = ['--app', 'commands', '--stage', 'prod'];
  const release = ['deploy', ...prod, '--branch', 'empty', '--no-follow'];
  refused = await as(developer.credentials, async () => [
    await seedbed(...release),
    await seedbed('rollback', ...prod),
    await seedbed('cancel', ...prod),
    await seedbed('stage', 'rm', 'prod', '--app', 'commands', '--yes'),
  ]);
  toProd = await as(releaser.credentials, () => json(...release));
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

it('plan tells what a release would do, and why, and starts none', () => {
  expect(planned).toMatchObject({
    status: 0,
    value: {
      app: 'commands',
      stage: 'dev',
      commit: topic,
      deploy: [{ path: 'api', reasons: [{ code: 'files-changed' }] }],
      skip: [{ path: 'web', reasons: [{ code: 'unchanged' }] }],
    },
  });
});

it('deploy releases a branch and tells what became of it', () => {
  expect(deployed).toMatchObject({
    status: 0,
    value: {
      status: 'succeeded',
      services: [
        { path: 'api', decision: 'incremental' },
        { path: 'web', decision: 'skip' },
      ],
    },
  });
});

it('a release has in its record who AWS says has asked for it', async () => {
  const { value } = await json('history', ...DEV);
  expect(value[1].by).toBe(developer.arn);
  expect(developer.arn).toMatch(/:assumed-role\/commands-developer\/ada$/);
});

it('a developer is refused prod, and told what to ask for; of what they ask there nothing is done', async () => {
  for (const { status, out } of refused) expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(
    refused.map(({ err }) => /may not (\S+ \S+): ask for execute-api:Invoke on (\S+);/.exec(err)?.slice(1)),
  ).toEqual(
    ['releases', 'rollbacks', 'cancel', 'removal'].map((call) => [
      `POST /apps/commands/stages/prod/${call}`,
      expect.stringMatching(new RegExp(`^arn:aws:execute-api:.*/seedbed/POST/apps/commands/stages/prod/${call}$`)),
    ]),
  );
  expect(refused[0]!.err).toContain(`your IAM identity ${developer.arn} `);
});

it('a releaser may release to prod, and not to dev', async () => {
  expect(toProd).toMatchObject({ status: 0, value: { status: 'running' } });
  const record = await app.ended({ app: 'commands', stage: 'prod', id: toProd.value.releaseId });
  expect(record.release.trigger).toMatchObject({ type: 'manual', by: releaser.arn });
  const toDev = await as(releaser.credentials, () => seedbed('cancel', ...DEV));
  expect(toDev.err).toContain('may not POST /apps/commands/stages/dev/cancel');
});

it('a call that is made again, at the same moment or later, is one release', async () => {
  const { workers, releases } = await connectPlatform({ ...process.env, ...releaser.credentials });
  const prod = { app: 'commands', stage: 'prod' };
  const call = () => workers.startRelease({ ...prod, branch: 'empty', requestId: 'asked once' });
  const answers = [...(await Promise.all([call(), call(), call()])), await call()];
  const [id, ...others] = new Set(answers.map(({ releaseId }) => releaseId));
  expect(others).toEqual([]);
  await app.ended({ ...prod, id: id! });
  const made = (await releases.latest(prod, 20)).filter(isReadable);
  expect(made.filter(({ release }) => release.trigger.id === 'asked once')).toHaveLength(1);
});

it('stages of pull requests are the developer’s, and no name gets round that', async () => {
  const { credentials } = developer;
  const call = await connectPlatform({ ...process.env, ...credentials });
  const cancel = (stage: string) => call.workers.cancelRelease({ app: 'commands', stage });
  // IAM has let it pass: there is just no such stage.
  await expect(cancel('pr-12')).rejects.toMatchObject({ code: 'StageNotFound' });
  for (const stage of ['pr-1/../prod', 'pr-1%2F..%2Fprod', 'pr-prod ', 'PR-1', 'pr-1/cancel?x=', 'dev/../prod'])
    await expect(cancel(stage)).rejects.toMatchObject({ code: expect.stringMatching(/^Call(Invalid|Refused)$/) });
  for (const stage of ['prod', '%70rod', 'xpr-1'])
    await expect(cancel(stage)).rejects.toMatchObject({ code: 'CallRefused' });
});

it('a call that a worker gave up is made again with the rights of docs/security.md', async () => {
  const { PushQueue: QueueUrl } = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!;
  const { credentials } = await aPerson('redriver', 'eve');
  // Of a repository that nobody has connected: whatever else the platform is at, it does no more than note it.
  const requestPayload = {
    id: 'given-up',
    time: new Date().toISOString(),
    'detail-type': 'CodeCommit Repository State Change',
    detail: {
      event: 'referenceUpdated',
      repositoryName: 'of-nobody',
      referenceType: 'branch',
      referenceName: 'main',
    },
  };
  const record = { requestContext: { condition: 'EventAgeExceeded' }, requestPayload };
  const { MessageId } = await sqsClient().send(
    new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }),
  );
  const { value } = await as(credentials, () => json('admin', 'redrive', '--worker', 'push'));
  expect(value.workers[0].calls).toContainEqual(
    expect.objectContaining({ messageId: MessageId, outcome: 'made', why: 'EventAgeExceeded' }),
  );
  const again = await json('admin', 'redrive', '--worker', 'push', '--dry-run');
  expect(JSON.stringify(again.value)).not.toContain(MessageId);
});

it('health says what the alarms and queues of the platform say', async () => {
  const { status, value } = await json('admin', 'health');
  expect(status).toBe(value.healthy ? 0 : 1);
  expect(value.alarms.length).toBeGreaterThan(20);
  for (const { whatToDo } of value.alarms) expect(whatToDo).toMatch(/^docs\/operations\.md#/);
  expect(value.queues.map(({ worker }: { worker: string }) => worker)).toContain('push');
  expect(value.runs).toHaveLength(2);
});

it('logs shows builds, steps and the end in one stream, by time', () => {
  expect(logs).toMatchObject({ status: 0, err: '' });
  expect(logs.out).toMatch(/plan: 1 of 2 services\n/);
  expect(logs.out).toMatch(/api step +build …\n(.*\n)*.*api build +\S.*\n(.*\n)*.*api step +deploy …\n/);
  expect(logs.out).toMatch(/release +succeeded in .*\n$/);
  const times = logs.out.split('\n').flatMap((line) => line.slice(0, 8) || []);
  expect(times).toEqual([...times].sort());
});

it('logs shows the events of a stack', async () => {
  const { value } = await json('history', ...DEV);
  const first = await seedbed('logs', ...DEV, value.at(-1).releaseId);
  expect(first.out).toMatch(/api stack +CREATE_COMPLETE HelloLambdaFunction/);
});

it('cancel stops a build, and says what is left', () => {
  expect(cancelled).toMatchObject({
    status: 0,
    value: {
      was: 'running',
      status: 'aborted',
      error: { code: 'Cancelled', message: expect.stringMatching(/not begun: /) },
    },
  });
});

it('status shows all stages, and one with versions and URLs', async () => {
  const { value } = await json('status', '--app', 'commands');
  expect(value).toMatchObject([
    { stage: 'dev', last: { status: 'aborted' }, services: [{ path: 'api' }, { path: 'web' }] },
    { stage: 'prod', services: [] },
  ]);
  const { out } = await seedbed('status', ...DEV);
  expect(out).toMatch(/commands → dev/);
  expect(out).toMatch(/api +deployed +[0-9a-f]{7} +\S+ +HelloLambdaFunction:2/);
  expect(out).toMatch(/api {2}HttpApiUrl {2}https?:\/\//);
});

it('history tells of releases, and of pushes that made none', async () => {
  const { value } = await json('history', ...DEV);
  expect(value.map(({ status }: { status: string }) => status)).toEqual(['aborted', 'succeeded', 'succeeded']);
  const { value: ignored } = await json('history', '--app', 'commands', '--ignored');
  expect(ignored).toContainEqual(expect.objectContaining({ branch: 'topic' }));
});

it('stage list and app list tell what there is, and the doctor finds nothing wrong', async () => {
  const { value: stages } = await json('stage', 'list', '--app', 'commands');
  expect(stages).toMatchObject([{ stage: 'dev', services: [{ path: 'api' }, { path: 'web' }] }, { stage: 'prod' }]);
  const { value: apps } = await json('app', 'list');
  expect(apps).toContainEqual(expect.objectContaining({ app: 'commands' }));
  const doctor = await json('app', 'doctor', 'commands');
  expect(doctor).toMatchObject({ status: 0, value: { app: 'commands' } });
  expect(doctor.value.findings).toContainEqual({
    check: 'builds',
    level: 'ok',
    message: expect.stringMatching(/may run 20 builds at once on Linux\/Medium/),
  });
  expect(doctor.value.findings).toContainEqual({
    check: 'lambda',
    level: 'ok',
    message: expect.stringMatching(
      /may run 1000 functions at once; a release of all of stage dev \(2 services\) takes up to 7/,
    ),
  });
});

it('env takes a secret from standard input, and never shows it', async () => {
  const set = seedbedWith('hush hush', 'env', 'set', ...DEV, '--secret', 'KEY');
  expect(await set).toMatchObject({ status: 0, out: expect.not.stringContaining('hush') });
  const { value } = await json('env', 'list', ...DEV, '--values');
  expect(value).toMatchObject([{ name: 'KEY' }]);
  expect(JSON.stringify(value)).not.toContain('hush');
  expect(await seedbed('env', 'rm', ...DEV, 'KEY')).toMatchObject({ status: 0 });
});

it('ends with 1 and no stack trace for what is not there', async () => {
  const { status, out, err } = await seedbed('status', '--app', 'commands', '--stage', 'dve');
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toBe('seedbed: app "commands" has no stage "dve"; did you mean "dev"?\n');
});
