import {
  AccountLimitExceededException,
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type BuildPhaseType,
  CodeBuildClient,
  InvalidInputException,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { mockClient } from 'aws-sdk-client-mock';
import { codeBuildBuilds } from '../../../lib/aws/builds/codebuild-builds';
import { COMMIT, RELEASE_ID } from '../../builders';

const codeBuild = mockClient(CodeBuildClient);
const builds = codeBuildBuilds(new CodeBuildClient({ region: 'eu-central-1' }));
beforeEach(() => codeBuild.reset());

const request = {
  releaseId: RELEASE_ID,
  app: 'shop',
  stage: 'dev',
  service: 'orders',
  commit: COMMIT,
  cloneUrl: 'https://git.example/shop',
  region: 'eu-central-1',
  artifactBucket: 'artifacts',
};

it('gives the same request the same token, and another service or task another one', async () => {
  codeBuild.on(StartBuildCommand).resolves({ build: { id: 'seedbed:1' } });
  for (const service of ['orders', 'orders', 'catalog']) await builds.start({ ...request, service });
  await builds.start({ ...request, task: 'package' });
  await builds.start({ ...request, task: 'before_deploy' });
  const tokens = codeBuild.calls().map(({ args }) => (args[0].input as { idempotencyToken: string }).idempotencyToken);
  const [first, again, other, packaging, hook] = tokens;
  expect([again, packaging]).toEqual([first, first]);
  expect(new Set([first, other, hook]).size).toBe(3);
});

it('tells how long the phases of a build took that has succeeded', async () => {
  const at = (second: number) => new Date(1_700_000_000_000 + second * 1000);
  const phase = (phaseType: BuildPhaseType, from: number, to: number) => ({
    phaseType,
    startTime: at(from),
    endTime: at(to),
    durationInSeconds: Math.round(to - from),
  });
  const phases = [
    phase('SUBMITTED', 0, 0),
    phase('QUEUED', 0, 1.2),
    phase('PROVISIONING', 1.2, 25.7),
    phase('DOWNLOAD_SOURCE', 25.7, 26.1),
    phase('INSTALL', 26.1, 28.1),
    phase('PRE_BUILD', 28.1, 28.2),
    phase('BUILD', 28.2, 40),
    { phaseType: 'UPLOAD_ARTIFACTS', durationInSeconds: 1 } as const,
    phase('FINALIZING', 41, 41.5),
    { phaseType: 'COMPLETED', startTime: at(41.5) } as const,
  ];
  const build = { id: 'seedbed:1', buildStatus: 'SUCCEEDED', phases } as const;
  codeBuild.on(BatchGetBuildsCommand).resolves({ builds: [build] });
  expect((await builds.statuses(['seedbed:1'])).get('seedbed:1')).toEqual({
    status: 'succeeded',
    times: { queued: 1200, provisioning: 24_500, source: 400, runtime: 2100, finalizing: 1500 },
  });
});

it('builds in the project of the stage, a made stage in that of its template', async () => {
  codeBuild.on(StartBuildCommand).resolves({ build: { id: 'seedbed:1' } });
  await builds.start(request);
  await builds.start({ ...request, stage: 'pr-7', template: 'preview' });
  const projects = codeBuild.calls().map(({ args }) => (args[0].input as { projectName: string }).projectName);
  expect(projects).toEqual(['seedbed-shop_dev', 'seedbed-shop_preview']);
});

describe('a build in a fleet', () => {
  const fleet = 'arn:aws:codebuild:eu-central-1:111122223333:fleet/ours:1';
  const refused = (message: string) => new InvalidInputException({ message, $metadata: {} });

  it('is started there, with a token of its own, and nothing is looked for', async () => {
    codeBuild.on(StartBuildCommand).resolves({ build: { id: 'seedbed:1' } });
    await builds.start(request, { fleet });
    await builds.start(request);
    const [there, here] = codeBuild.commandCalls(StartBuildCommand).map(({ args }) => args[0].input);
    expect(there).toMatchObject({ fleetOverride: { fleetArn: fleet } });
    expect(here).not.toHaveProperty('fleetOverride');
    expect(there!.idempotencyToken).not.toBe(here!.idempotencyToken);
    expect(codeBuild.commandCalls(BatchGetProjectsCommand)).toHaveLength(0);
  });

  it('is refused for the sake of the machine only if CodeBuild speaks of it', async () => {
    codeBuild
      .on(StartBuildCommand)
      .rejectsOnce(refused('Fleet cannot be found'))
      .rejectsOnce(refused('Invalid buildspec'));
    await expect(builds.start(request, { fleet })).rejects.toMatchObject({
      name: 'BuildComputeRefused',
      message: expect.stringContaining(`${fleet} (Fleet cannot be found)`),
    });
    await expect(builds.start(request, { fleet })).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});

it.each([
  ['LINUX_LAMBDA_CONTAINER', 'LINUX_CONTAINER', 'aws/codebuild/amazonlinux-x86_64-standard:5.0'],
  ['ARM_LAMBDA_CONTAINER', 'ARM_CONTAINER', 'aws/codebuild/amazonlinux-aarch64-standard:3.0'],
] as const)('has on EC2 in place of %s a machine, an image and commands of EC2', async (type, instead, image) => {
  codeBuild.on(StartBuildCommand).resolves({ build: { id: 'seedbed:1' } });
  const environment = { type, computeType: 'BUILD_LAMBDA_4GB', image: 'aws/codebuild/amazonlinux-lambda' } as const;
  codeBuild.on(BatchGetProjectsCommand).resolves({ projects: [{ environment }] });
  await builds.start(request, { onEc2: true });
  expect(codeBuild.commandCalls(StartBuildCommand)[0]!.args[0].input).toMatchObject({
    environmentTypeOverride: instead,
    computeTypeOverride: 'BUILD_GENERAL1_MEDIUM',
    imageOverride: image,
    buildspecOverride: 'buildspec.yml',
  });
});

describe('a build for another architecture than functions have that do not say', () => {
  const environment = {
    type: 'LINUX_CONTAINER',
    computeType: 'BUILD_GENERAL1_LARGE',
    image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
  } as const;
  const startedOn = async (project: object, architecture?: 'arm64' | 'x86_64') => {
    codeBuild.on(StartBuildCommand).resolves({ build: { id: 'seedbed:1' } });
    codeBuild.on(BatchGetProjectsCommand).resolves({ projects: [{ environment: { ...environment, ...project } }] });
    await builds.start(request, { architecture });
    return codeBuild.commandCalls(StartBuildCommand)[0]!.args[0].input;
  };
  const overridden = (input: object) =>
    Object.keys(input).filter((key) => /^(image|compute|environmentType)/.test(key));

  it('has a machine of that architecture, and of the size that the stage asks for', async () => {
    expect(await startedOn({}, 'arm64')).toMatchObject({
      environmentTypeOverride: 'ARM_CONTAINER',
      computeTypeOverride: 'BUILD_GENERAL1_LARGE',
      imageOverride: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    });
  });

  it.each([
    ['has an architecture', { environmentVariables: [{ name: 'SEEDBED_BUILD_ARCHITECTURE', value: 'x86_64' }] }],
    ['has an image', { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/builds:1' }],
    ['is for that architecture', { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' }],
  ])('has the project’s machine where that %s', async (_, project) => {
    expect(overridden(await startedOn(project, 'arm64'))).toEqual([]);
  });

  it('is looked for only where there is something to find', async () => {
    expect(overridden(await startedOn({}, 'x86_64'))).toEqual([]);
    expect(codeBuild.commandCalls(BatchGetProjectsCommand)).toHaveLength(0);
  });
});

it('says that CodeBuild takes no more builds, which passes', async () => {
  const full = { message: 'Cannot have more than 1 builds in queue for the account', $metadata: {} };
  codeBuild.on(StartBuildCommand).rejects(new AccountLimitExceededException(full));
  await expect(builds.start(request)).rejects.toMatchObject({
    name: 'BuildQueueFull',
    message: expect.stringContaining('more than 1 builds in queue'),
  });
});

it('does not wait for a place where the account has none at all', async () => {
  const none = { message: 'Cannot have more than 0 builds in queue for the account', $metadata: {} };
  codeBuild.on(StartBuildCommand).rejects(new AccountLimitExceededException(none));
  await expect(builds.start(request)).rejects.toMatchObject({
    name: 'BuildQuotaZero',
    message: expect.stringMatching(/raise the quota "Concurrently running builds .*"build\.compute"/),
  });
});

it.each([
  ['IN_PROGRESS', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['FAILED', 'failed'],
  ['FAULT', 'failed'],
  ['STOPPED', 'stopped'],
  ['TIMED_OUT', 'timed-out'],
] as const)('takes a build that is %s for %s', async (buildStatus, status) => {
  codeBuild.on(BatchGetBuildsCommand).resolves({ builds: [{ id: 'seedbed:1', buildStatus }] });
  const statuses = await builds.statuses(['seedbed:1']);
  expect(statuses.get('seedbed:1')).toMatchObject({ status });
});

it('tells the first thing that went wrong in a phase, and where the log is', async () => {
  const phases = [
    { phaseType: 'INSTALL' as const, contexts: [{ statusCode: '', message: '' }] },
    { phaseType: 'BUILD' as const, contexts: [{ message: 'Build has timed out.' }] },
  ];
  const build = { id: 'seedbed:1', buildStatus: 'TIMED_OUT' as const, phases, logs: { deepLink: 'https://log' } };
  codeBuild.on(BatchGetBuildsCommand).resolves({ builds: [build] });
  const statuses = await builds.statuses(['seedbed:1']);
  expect(statuses.get('seedbed:1')).toEqual({
    status: 'timed-out',
    message: 'Build has timed out.',
    logs: 'https://log',
  });
});

it('takes a build that nobody knows for a failed one', async () => {
  codeBuild.on(BatchGetBuildsCommand).resolves({ buildsNotFound: ['seedbed:9'] });
  const statuses = await builds.statuses(['seedbed:9']);
  expect(statuses.get('seedbed:9')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('seedbed:9'),
  });
});

it('asks for a hundred builds in one call, and for more in as few as it takes', async () => {
  const ids = Array.from({ length: 101 }, (_, index) => `seedbed:${index}`);
  codeBuild.on(BatchGetBuildsCommand).callsFake(({ ids: asked }: { ids: string[] }) => ({
    builds: asked.map((id) => ({ id, buildStatus: 'SUCCEEDED' })),
  }));
  const statuses = await builds.statuses(ids);
  expect([...statuses.keys()]).toEqual(ids);
  expect(new Set([...statuses.values()].map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(codeBuild.commandCalls(BatchGetBuildsCommand).map(({ args }) => args[0].input.ids!.length)).toEqual([100, 1]);
});
