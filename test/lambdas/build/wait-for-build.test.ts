import { waitForBuild } from '../../../lambdas/build/wait-for-build';
import { buildErrorKey } from '../../../lib/core/contracts/keys';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import type { BuildStatus } from '../../../lib/ports/builds';
import { aRelease } from '../../builders';

const release = aRelease();
const service = { path: 'orders', reasons: [] };
const LOGS = 'https://console.aws.amazon.com/cloudwatch/log-of-build-1';

/** A build that answers these, one look after the other, the last one for ever; the clock only moves by sleeping. */
function aWait(...answers: BuildStatus[]) {
  const artifacts = memoryArtifacts();
  let now = 0;
  const builds = {
    start: async () => 'build-1',
    stop: async () => {},
    statuses: async () => new Map([['build-1', answers.length > 1 ? answers.shift()! : answers[0]!]]),
  };
  const sleep = async (milliseconds: number) => {
    now += milliseconds;
  };
  const wait = waitForBuild({ builds, artifacts, pace: { now: () => now, sleep } });
  return { artifacts, now: () => now, run: (task?: string) => wait({ release, service, task, buildId: 'build-1' }) };
}

it('ends a second at most after the build', async () => {
  const wait = aWait({ status: 'running' }, { status: 'running' }, { status: 'succeeded' });
  expect(await wait.run()).toEqual({ status: 'done' });
  expect(wait.now()).toBeLessThanOrEqual(2_000);
});

it('hands on what CodeBuild tells of the parts of the build', async () => {
  const wait = aWait({ status: 'succeeded', times: { provisioning: 24_000 } });
  expect(await wait.run()).toEqual({ status: 'done', times: { provisioning: 24_000 } });
});

it('comes back within the minute that it is given while the build runs', async () => {
  const wait = aWait({ status: 'running' });
  expect(await wait.run()).toEqual({ status: 'running' });
  expect(wait.now()).toBeLessThan(60_000);
});

it('fails with what the packager left', async () => {
  const wait = aWait({ status: 'failed', message: 'exit status 1', logs: LOGS });
  const left = { code: 'InstallFailed', message: 'cannot install the dependencies of orders' };
  await wait.artifacts.writeJson(buildErrorKey(release, 'orders', release.id), left);
  await expect(wait.run()).rejects.toMatchObject({ name: left.code, message: left.message });
});

it('hands on no more of what the packager left than a release may carry', async () => {
  const wait = aWait({ status: 'failed', message: 'exit status 1', logs: LOGS });
  for (const code of ['InstallFailed', 'TypeError']) {
    const left = { code, message: `${'x'.repeat(1_000_000)} the end` };
    await wait.artifacts.writeJson(buildErrorKey(release, 'orders', release.id), left);
    const { message } = await wait.run().then(
      () => new Error('none'),
      (error: Error) => error,
    );
    expect(message).toContain('characters left out');
    expect(message.length).toBeLessThan(16_000);
  }
});

it('fails for good also with what the packager might have tried again: waiting once more starts no build', async () => {
  const wait = aWait({ status: 'failed', message: 'exit status 1', logs: LOGS });
  const left = { code: 'Throttled', message: 'Systems Manager is busy' };
  await wait.artifacts.writeJson(buildErrorKey(release, 'orders', release.id), left);
  await expect(wait.run()).rejects.toMatchObject({ name: 'BuildFailed', message: left.message });
});

it.each([
  ['timed-out', 'BuildTimedOut', 'Build has timed out.'],
  ['stopped', 'BuildStopped', 'the build ended STOPPED'],
  ['failed', 'BuildFailed', "the build's processes were killed"],
] as const)('says of a build that %s, and left nothing, where its log is', async (status, code, message) => {
  const wait = aWait({ status, message, logs: LOGS });
  await expect(wait.run()).rejects.toMatchObject({
    name: code,
    message: expect.stringMatching(new RegExp(`build-1 of orders.*${message.slice(0, 10)}.*its log: ${LOGS}`)),
  });
});

it('hides nothing of an error that is our own bug', async () => {
  const wait = aWait({ status: 'failed', message: 'exit status 1', logs: LOGS });
  const left = { code: 'TypeError', message: 'cannot read properties of undefined' };
  await wait.artifacts.writeJson(buildErrorKey(release, 'orders', release.id), left);
  await expect(wait.run()).rejects.toMatchObject({
    name: 'BuildFailed',
    message: expect.stringMatching(/cannot read properties of undefined.*its log: /),
  });
});

it("fails with what a hook left, whatever the service's package did", async () => {
  const wait = aWait({ status: 'failed', message: 'exit status 1', logs: LOGS });
  await expect(wait.run('before_deploy')).rejects.toMatchObject({
    name: 'BuildFailed',
    message: expect.stringContaining('build-1 of before_deploy for orders'),
  });
  const left = { code: 'HookFailed', message: 'command 1 of before_deploy in seed.yml failed' };
  await wait.artifacts.writeJson(buildErrorKey(release, 'orders', release.id, 'before_deploy'), left);
  await expect(wait.run('before_deploy')).rejects.toMatchObject({ name: left.code, message: left.message });
  await expect(wait.run()).rejects.toMatchObject({ name: 'BuildFailed' });
});
