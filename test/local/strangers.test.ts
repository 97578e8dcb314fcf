import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCommitClient, ListRepositoriesCommand } from '@aws-sdk/client-codecommit';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DOOR } from '../../lib/local/calls/authorize';
import { VENV } from '../../lib/local/emulator/checkout';
import { startEmulator } from '../../lib/local/emulator/emulator';
import { ensureVenv } from '../../lib/local/emulator/python-venv';
import { AccountQuotas } from '../../lib/local/quotas/account-quotas';
import { type ACloud, aCloud, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** A web page can send requests to every port of this machine, and knows how local clouds are made. */
let at: ACloud;
beforeAll(async () => {
  at = await aCloud('strangers');
});
afterAll(() => at.cloud.stop());

const page = { origin: 'https://evil.example', 'content-type': 'text/plain' };
const post = (path: string, headers: Record<string, string> = page) =>
  fetch(`${at.cloud.endpoint}${path}`, { method: 'POST', headers, body: '{}' });

it.each(['/', '/_seedbed/calls', '/_seedbed/faults', '/_github/control', '/_ministack/reset', '/2015-03-31/functions'])(
  'a page of another site reaches nothing at %s',
  async (path) => {
    const answer = await post(path);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('https://evil.example');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  },
);

it('a page of another site is not let in by asking before', async () => {
  const headers = { origin: page.origin, 'access-control-request-method': 'POST' };
  const answer = await fetch(at.cloud.endpoint, { method: 'OPTIONS', headers });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

it('no answer of the control plane is for every page', async () => {
  const { status, headers } = await fetch(`${at.cloud.endpoint}/_ministack/health`);
  expect(status).toBe(200);
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

it('the emulator answers nobody who does not come through the gateway', async () => {
  const scratchDir = await mkdtemp(join(tmpdir(), 'seedbed-strangers-'));
  const doorKey = 'of-this-test';
  const { process: emulator, port } = await startEmulator({
    python: await ensureVenv({ directory: VENV }),
    endpoint: at.cloud.endpoint,
    port: 1,
    region: 'us-east-1',
    scratchDir,
    stateDir: scratchDir,
    gatewayKey: 'gateway',
    doorKey,
    root: at.cloud.root,
    speed: 1,
    quotas: new AccountQuotas().describeAmounts(),
  });
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}/_ministack/health`, { headers })).status;
  expect(await statusWith({})).toBe(403);
  expect(await statusWith({ [DOOR]: 'guessed' })).toBe(403);
  expect(await statusWith({ [DOOR]: doorKey })).toBe(200);
  await emulator.stop();
});

describe('the account’s root', () => {
  const guessed = () => ({ ...at.client, credentials: { accessKeyId: at.cloud.accountId, secretAccessKey: 'local' } });

  it('is nobody who only knows the account', async () => {
    await expect(new LambdaClient(guessed()).send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it('is not so either where the gateway answers itself', async () => {
    await expect(new CodeCommitClient(guessed()).send(new ListRepositoriesCommand({}))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it('has a secret of its own in each local cloud', async () => {
    const other = await aCloud('others');
    expect(other.cloud.root.secretAccessKey).not.toBe(at.cloud.root.secretAccessKey);
    await other.cloud.stop();
  });
});
