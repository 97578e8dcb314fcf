import { startBuild } from '../../../lambdas/build/start-build';
import type { Architecture } from '../../../lib/core/contracts/architecture';
import type { SpecialCompute } from '../../../lib/core/contracts/build-machine';
import { BuildInputs, type BuildRequest } from '../../../lib/core/contracts/build-request';
import { type ErrorCode, ReleaseError } from '../../../lib/core/contracts/errors';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../../../lib/memory/memory-clone-credentials';
import { memoryReleaseBuilds } from '../../../lib/memory/memory-release-builds';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { memorySource } from '../../../lib/memory/memory-source';
import type { BuildPlace } from '../../../lib/ports/builds';
import type { TargetPortsOf } from '../../../lib/ports/target-ports';
import { aRelease } from '../../builders';

const release = aRelease({ tag: 'v1', pullRequest: { number: 12 }, template: 'dev', stage: 'pr-12' });
const service = { path: 'web', reasons: [] };
const INPUTS = `packages/shop/dev/made/pr-12/web/${release.id}/inputs.json`;

/** @param without the architecture of which the account may run no build */
function aStart({
  without = '',
  refuse,
}: {
  without?: string;
  refuse?: (place: BuildPlace) => Error | undefined;
} = {}) {
  const artifacts = memoryArtifacts();
  const states = memoryServiceStates();
  const releaseBuilds = memoryReleaseBuilds();
  const requests: BuildRequest[] = [];
  const machines: (Architecture | undefined)[] = [];
  const places: BuildPlace[] = [];
  const builds = {
    start: async (request: BuildRequest, place: BuildPlace = {}) => {
      const { architecture } = place;
      machines.push(architecture);
      places.push(place);
      const refusal = refuse?.(place);
      if (refusal) throw refusal;
      if (architecture === without) throw new ReleaseError('BuildQuotaZero', 'more than 0 builds');
      return `build-${requests.push(request)}`;
    },
    stop: async () => {},
    statuses: async () => new Map(),
  };
  const stacks: Record<string, Record<string, string>> = {};
  const target = (() => ({
    stacks: { describe: async (name: string) => stacks[name] && { outputs: stacks[name] } },
  })) as unknown as TargetPortsOf;
  const start = startBuild({
    target,
    artifacts,
    states,
    releaseBuilds,
    builds,
    artifactBucket: 'artifacts',
    cloneCredentials: memoryCloneCredentials(),
    source: memorySource({ shop: { branches: {}, commits: {} } }),
    now: () => '2026-01-02T03:04:05.000Z',
  });
  const run = (task?: string, force = false, build?: SpecialCompute) =>
    start({ release: { ...release, force, build }, service, task });
  return { artifacts, states, releaseBuilds, requests, machines, places, run, stacks };
}

/** Leaves a service deployed, with outputs. */
const deployed = (
  world: ReturnType<typeof aStart>,
  path: string,
  outputs: Record<string, string>,
  architecture?: Architecture,
) =>
  world.states.endService(
    release,
    { status: 'deployed', outputs, stackName: `${path}-dev`, architecture },
    { path, status: 'deployed', planned: [], functions: [], outputs, durations: {} },
  );

it('asks for a package unless it is told to run a hook', async () => {
  const { run, requests } = aStart();
  expect(await run()).toEqual({ buildId: 'build-1' });
  await run('before_deploy');
  expect(requests.map(({ task }) => task)).toEqual(['package', 'before_deploy']);
});

it('tells the build whose commit it is', async () => {
  const { run, requests } = aStart();
  await run();
  expect(requests[0]).toMatchObject({ branch: 'main', tag: 'v1', pullRequest: 12, stage: 'pr-12', template: 'dev' });
});

it('keeps each build, for its log and to stop it', async () => {
  const { run, releaseBuilds } = aStart();
  await run();
  await run('after_deploy');
  const at = { path: 'web', startedAt: '2026-01-02T03:04:05.000Z' };
  expect(await releaseBuilds.list(release)).toEqual([
    { ...at, task: 'package', buildId: 'build-1' },
    { ...at, task: 'after_deploy', buildId: 'build-2' },
  ]);
});

it('says what is deployed only to a package whose last release went well, and not if it is forced', async () => {
  const world = aStart();
  const packageOf = async (status: 'deployed' | 'failed', more: { task?: string; force?: boolean } = {}) => {
    await world.states.endService(
      release,
      { status, commit: 'c', deployedPackage: 'packages/shop/dev/web/1/deployed.json', stackName: 'web-dev' },
      { path: 'web', status, planned: [], functions: [], outputs: {}, durations: {} },
    );
    await world.run(more.task, more.force);
    return world.requests.at(-1)!.deployedPackage;
  };
  expect(await packageOf('deployed')).toBe('packages/shop/dev/web/1/deployed.json');
  expect(await packageOf('deployed', { force: true })).toBeUndefined();
  expect(await packageOf('deployed', { task: 'before_deploy' })).toBeUndefined();
  expect(await packageOf('failed')).toBeUndefined();
});

describe('a stage whose builds start on Lambda or in a fleet', () => {
  const fleet = 'arn:aws:codebuild:eu-central-1:111122223333:fleet/ours:1';
  const LAMBDA: SpecialCompute = { compute: 'lambda' };
  const RESERVED: SpecialCompute = { compute: 'reserved', fleet };
  const not = (code: ErrorCode) => new ReleaseError(code, 'for its sake');

  it('has its builds there', async () => {
    const world = aStart();
    expect(await world.run('package', false, RESERVED)).toEqual({ buildId: 'build-1' });
    expect(await world.run('package', false, LAMBDA)).toEqual({ buildId: 'build-2' });
    expect(world.places).toEqual([{ fleet }, {}]);
  });

  it.each([
    ['BuildQuotaZero', LAMBDA, 'on Lambda'],
    ['BuildQueueFull', LAMBDA, 'on Lambda'],
    ['BuildComputeRefused', RESERVED, 'in its fleet'],
  ] as const)('has one on EC2 that cannot start for %s, and says so', async (code, build, where) => {
    const world = aStart({ refuse: ({ onEc2 }) => (onEc2 ? undefined : not(code)) });
    expect(await world.run('package', false, build)).toEqual({
      buildId: 'build-1',
      warning: `its build ran on EC2, since it could not start ${where}: for its sake`,
    });
    expect(world.places.at(-1)).toEqual({ onEc2: true });
  });

  it('fails for what has nothing to do with the machine, and with EC2’s reason if that has no room either', async () => {
    const denied = aStart({ refuse: () => new Error('access denied') });
    await expect(denied.run('package', false, LAMBDA)).rejects.toThrow('access denied');
    expect(denied.places).toHaveLength(1);
    const full = aStart({ refuse: ({ onEc2 }) => not(onEc2 ? 'BuildQueueFull' : 'BuildQuotaZero') });
    await expect(full.run('package', false, LAMBDA)).rejects.toMatchObject({ code: 'BuildQueueFull' });
  });

  it('does not try EC2 a second time where builds start there', async () => {
    const world = aStart({ refuse: () => not('BuildQueueFull') });
    await expect(world.run()).rejects.toMatchObject({ code: 'BuildQueueFull' });
    expect(world.places).toHaveLength(1);
  });
});

it('gives a package the outputs of all other services, and a hook those of its own too', async () => {
  const world = aStart();
  await deployed(world, 'api', { Url: 'https://api' });
  await deployed(world, 'web', { Site: 'https://web' });
  await deployed(world, 'mail', {});
  const inputs = () => world.artifacts.readJson(INPUTS, BuildInputs);
  await world.run();
  expect(world.requests[0]!.inputs).toBe(INPUTS);
  expect(await inputs()).toEqual({ outputs: { api: { Url: 'https://api' } } });
  await world.run('after_deploy');
  expect(await inputs()).toEqual({ outputs: { api: { Url: 'https://api' }, web: { Site: 'https://web' } } });
});

it('asks the same, to the letter, when it is repeated after a neighbour has ended', async () => {
  const world = aStart();
  await world.run();
  await deployed(world, 'api', { Url: 'https://api' });
  await world.run();
  expect(world.requests[1]).toEqual(world.requests[0]);
});

it('gives a hook after the deployment the outputs that its own stack has now', async () => {
  const world = aStart();
  await deployed(world, 'web', { Site: 'https://before' });
  world.stacks['web-dev'] = { Site: 'https://now' };
  const given = async (task: string) => {
    await world.run(task);
    return (await world.artifacts.readJson(INPUTS, BuildInputs))?.outputs.web?.Site;
  };
  expect(await given('before_deploy')).toBe('https://before');
  expect(await given('after_deploy')).toBe('https://now');
});

describe('the machine of a build', () => {
  it('is for the architecture of the service’s functions that were deployed last', async () => {
    const world = aStart();
    await world.run();
    await deployed(world, 'api', {}, 'x86_64');
    await deployed(world, 'web', {}, 'arm64');
    await world.run();
    await world.run('after_deploy');
    expect(world.machines).toEqual([undefined, 'arm64', 'arm64']);
  });

  it('is that of the stage where the account has none for that architecture', async () => {
    const world = aStart({ without: 'arm64' });
    await deployed(world, 'web', {}, 'arm64');
    expect(await world.run()).toEqual({ buildId: 'build-1' });
    expect(world.machines).toEqual(['arm64', undefined]);
  });
});
