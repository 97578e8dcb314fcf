import { prune } from '../../../lambdas/record/prune';
import type { StageConfig } from '../../../lib/core/contracts/app-config';
import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { memoryCodeStorages } from '../../../lib/memory/memory-code-storages';
import { memoryMetrics } from '../../../lib/memory/memory-metrics';
import { memoryStages } from '../../../lib/memory/memory-stages';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';
import { codeOf, nameOf, serviceWorld } from '../deploy/service-world';

const LIST = nameOf('List');
const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** A service of which so many commits were released, and what deletes its old versions. */
async function afterReleases(count: number, settings: Partial<StageConfig> = { keepReleases: 3 }) {
  const world = serviceWorld();
  for (let number = 1; number <= count; number += 1)
    await world.release({ functions: { List: `list ${number}`, Create: 'create' } });
  const { target, shift } = aRelease();
  const app = anApp({ stages: { dev: { branches: ['main'], tags: [], target, shift, ...settings } } });
  const warnings: object[] = [];
  const recorded: unknown[] = [];
  const status = { value: 'succeeded' as ReleaseRecord['status'] };
  const storages = memoryCodeStorages();
  const metrics = memoryMetrics();
  const ports = {
    apps: memoryApps([app]),
    stages: memoryStages(),
    releases: {
      latest: async () => [{ release: aRelease(), status: status.value }],
      recordPruned: async (key: object, pruned: object) => void recorded.push({ ...key, ...pruned }),
    },
    states: world.states,
    artifacts: world.artifacts,
    target: world.ports.target,
    storages,
    workers: { called: { current: async () => new Map(), running: async () => new Map() }, versions: world.versions },
    metrics,
    log: { info: () => {}, warn: (_: string, fields: object) => void warnings.push(fields) },
    now: () => NOW,
    chance: () => 0,
  };
  const left = async (name = LIST) => (await world.versions.list(name)).map(({ version }) => version);
  return { world, ports, run: prune(ports), left, warnings, recorded, status, storages, metrics };
}

const RELEASE = { app: 'shop', stage: 'dev', releaseId: aRelease().id };

describe('after releases', () => {
  it('only the versions of the last ones remain, with what the stack names, and a rollback to the oldest works', async () => {
    const { world, run, left, recorded } = await afterReleases(8);
    expect(await left()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(await run({ release: RELEASE })).toEqual({ versions: 4, bytes: 4_000 });
    // The stack was made with the first version.
    expect(await left()).toEqual(['1', '6', '7', '8']);
    expect(recorded).toEqual([{ ...RELEASE, id: RELEASE.releaseId, versions: 4, bytes: 4_000 }]);

    const { decision, record } = await world.rollBack(6);
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(record.functions).toContainEqual({ logicalId: 'List', name: LIST, version: '6', updated: true });
    expect(await world.serving('List')).toEqual([codeOf('list 6')]);
  });

  it('a rollback to a release whose versions are gone takes the code from the artifact repository', async () => {
    const { world, run } = await afterReleases(8);
    await run({ release: RELEASE });
    await world.rollBack(3);
    expect(await world.serving('List')).toEqual([codeOf('list 3')]);
  });

  it('the workers of the platform are looked at each night, and not after each release', async () => {
    const { ports } = await afterReleases(1);
    const asked: string[] = [];
    const called = { ...ports.workers.called, current: async () => new Map([['plan', new Set(['1'])]]) };
    const list = async (name: string) => {
      asked.push(name);
      return [];
    };
    const versions = { ...ports.workers.versions, list };
    const run = prune({ ...ports, workers: { called, versions } });
    await run({ release: RELEASE });
    expect(asked).toEqual([]);
    await run({});
    expect(asked).toEqual(['plan']);
  });

  it('twice deletes nothing more', async () => {
    const { run, left } = await afterReleases(6);
    await run({});
    const kept = await left();
    expect(await run({})).toEqual({ versions: 0, bytes: 0 });
    expect(await left()).toEqual(kept);
  });

  it('ten are kept unless the stage says otherwise', async () => {
    const { run, left } = await afterReleases(13, {});
    await run({});
    expect(await left()).toEqual(['1', ...Array.from({ length: 10 }, (_, index) => String(index + 4))]);
  });

  it('a version that an alias of somebody else names stays, and so does one that a durable execution waits for', async () => {
    const { world, run, left } = await afterReleases(8);
    Object.assign(world.functions.all.get(LIST)!.aliases, { blue: '2' });
    world.versions.durable.set(`${LIST}:3`, true).set(`${LIST}:4`, false);
    await run({});
    expect(await left()).toEqual(['1', '2', '3', '6', '7', '8']);
  });

  it.each(['running', 'waiting'] as const)('nothing goes while a release of the stage is %s', async (value) => {
    const { run, left, status } = await afterReleases(6);
    status.value = value;
    expect(await run({})).toEqual({ versions: 0, bytes: 0 });
    expect(await left()).toHaveLength(6);
  });

  it.each(['UPDATE_ROLLBACK_FAILED', 'UPDATE_IN_PROGRESS'])('nothing goes while the stack is in %s', async (stack) => {
    const { ports, left } = await afterReleases(6);
    const { stacks, versions } = ports.target(aRelease().target);
    const describe = async (name: string) => ({ ...(await stacks.describe(name))!, status: stack });
    await prune({ ...ports, target: () => ({ versions, stacks: { ...stacks, describe } }) })({});
    expect(await left()).toHaveLength(6);
  });

  it('nothing goes if the newest package cannot be read', async () => {
    const { world, ports, left } = await afterReleases(6);
    const newest = (await world.state())!.deployedPackage;
    const readJson: typeof world.artifacts.readJson = async (key, schema) =>
      key === newest ? undefined : world.artifacts.readJson(key, schema);
    await prune({ ...ports, artifacts: { readJson } })({});
    expect(await left()).toHaveLength(6);
  });

  it('what fails is logged and fails nothing', async () => {
    const { ports, warnings } = await afterReleases(6);
    const { stacks, versions } = ports.target(aRelease().target);
    const refused = () => Promise.reject(new Error('not authorized to perform: lambda:DeleteFunction'));
    const target = () => ({ stacks, versions: { ...versions, delete: refused } });
    expect(await prune({ ...ports, target })({})).toEqual({ versions: 0, bytes: 0 });
    expect(warnings).toEqual([expect.objectContaining({ stage: 'dev', error: expect.any(Error) })]);
  });

  it('how much code storage the targets use is kept, and measured in percent', async () => {
    const { run, storages, metrics } = await afterReleases(6);
    await run({});
    const { account, region } = aRelease().target;
    // Four versions of one function and one of the other, of 100 that fit.
    expect(await storages.list()).toEqual([
      { account, region, used: 5_000, limit: 100_000, at: '2026-01-02T03:04:05.000Z' },
    ]);
    expect(metrics.added).toContainEqual({
      dimensions: { account },
      values: { CodeStorageUsed: 5 },
    });
  });
});
