import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { resolveConfig } from '../../lib/config/resolve-config';
import { parseSeedYml } from '../../lib/config/seed-yml';
import { BuildInputs } from '../../lib/core/contracts/build-request';
import { DeployedPackage, Manifest } from '../../lib/core/contracts/manifest';
import * as payloads from '../../lib/core/contracts/payloads';
import { StepError } from '../../lib/core/contracts/state';
import { readStoredApp } from '../../lib/core/contracts/stored-app';
import { isReadable } from '../../lib/core/contracts/unreadable';
import { Wait, WatchInput } from '../../lib/core/contracts/wait';
import type { Json } from '../../lib/core/text/canonical-json';
import { version } from '../../package.json';
import { releaseWorld } from '../lambdas/release-world';
import { writtenWait } from '../lambdas/written-wait';
import type { Definition } from '../state-machines/definition';
import { ownDefinitions, RELEASE, SERVICE_RELEASE, WATCHER } from '../state-machines/definitions';
import { tableInMemory } from '../table-in-memory';
import { FIXTURES, read, text } from './files';
import { idOf, RELEASES, STAGE, stateOf, writeItems } from './write-items';
import { type Payload, shapeOf, writePayloads } from './write-payloads';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const IN = { release: payloads.FinishInput.shape.release };

/** What each worker that a state machine calls reads, by the name of its module; without one: an item of a state. */
const READ: Readonly<Record<string, z.ZodType>> = {
  plan: z.object(IN),
  'start-build': payloads.StartBuildInput,
  'wait-for-build': payloads.WaitForBuildInput,
  'take-package': payloads.ServiceReleaseInput,
  decide: payloads.ServiceReleaseInput,
  'start-stack-update': payloads.ServiceReleaseInput,
  'wait-for-stack': payloads.WaitForStackInput,
  'read-functions': payloads.ServiceReleaseInput,
  'prepare-functions': payloads.PrepareInput,
  'start-shift': payloads.StartShiftInput,
  'wait-for-shift': payloads.WaitForShiftInput,
  'stop-shift': payloads.ServiceReleaseInput,
  'move-aliases': payloads.MoveAliasesInput,
  'put-code-back': payloads.MoveAliasesInput,
  'restore-functions': payloads.RestoreFunctionsInput,
  record: payloads.RecordInput,
  'record-failure': payloads.RecordFailureInput,
  'prepare-removal': payloads.ServiceReleaseInput,
  'remove-shifts': payloads.ServiceReleaseInput,
  'empty-buckets': payloads.EmptyBucketsInput,
  'start-stack-deletion': payloads.StackDeletionInput,
  'verify-removal': payloads.StackDeletionInput,
  'record-removal': payloads.RecordRemovalInput,
  finish: payloads.FinishInput,
  watch: WatchInput,
  '': z.unknown().transform((item) => writtenWait(item as Json)),
};

/** What is in a package, by the end of its key. */
const STORED: Readonly<Record<string, z.ZodType>> = {
  'manifest.json': Manifest,
  'deployed.json': DeployedPackage,
  'inputs.json': BuildInputs,
  'template.json': z.looseObject({ Resources: z.record(z.string(), z.unknown()) }),
  'error.json': StepError,
};

/** @returns the kind of an item: its keys without what they name */
const kindOf = ({ pk, sk }: Readonly<Record<string, unknown>>): string =>
  `${String(pk)
    .replace(/[^#]+$/, '')
    .replace(
      /#[a-z][^#]*#/,
      '#…#',
    )} ${String(sk).replace(/(?<=#)(?!SERVICE|BUILD|NOTICE)[^#]+|(?<=DEPLOYED#).*/g, '…')}`;

it('there is what this version writes', () => {
  // "npm run golden" makes it; CONTRIBUTING.md says when.
  expect(existsSync(join(FIXTURES, version, 'items.json'))).toBe(true);
});

it('nothing that a version wrote has gone unnoticed: each kind of item and payload is written still', async () => {
  const [items, { payloads }] = [await writeItems(), await writePayloads()];
  const kinds = new Set(items.map(kindOf));
  const workers = new Set(payloads.map(({ worker }) => worker));
  expect(
    read<Record<string, unknown>[]>(version, 'items.json')
      .map(kindOf)
      .filter((kind) => !kinds.has(kind)),
  ).toEqual([]);
  const known = read<Payload[]>(version, 'payloads.json');
  expect(known.map(({ worker }) => worker).filter((worker) => !workers.has(worker))).toEqual([]);
});

describe.each(readdirSync(FIXTURES))('what version %s wrote', (of) => {
  it('in the state table is read: nothing of it counts as unreadable', async () => {
    const table = tableInMemory();
    for (const item of read<Record<string, unknown>[]>(of, 'items.json')) table.put(item);
    const { releases, states, stages, builds, planned, seen, storages, notices, waits } = stateOf(table);
    const listed = await releases.latest(STAGE, 20);
    expect(listed.map(({ release: { id }, status }) => [id, status])).toEqual(
      RELEASES.map(([letter, status]) => [idOf(letter), status]).reverse(),
    );
    for (const one of listed.filter(isReadable)) {
      expect(await releases.find(one.release)).toEqual(one);
      if (one.status === 'waiting' || one.status === 'superseded') continue;
      expect(one.plan).toBeDefined();
      expect((await notices.find(one.release)).told).toEqual({ topic: one.status });
      expect(await builds.list(one.release)).toHaveLength(1);
      const records = await states.records(one.release);
      expect(records).toHaveLength(one.status === 'running' ? 0 : 1);
      expect(records.filter(({ error }) => error?.code === 'StateUnreadable')).toEqual([]);
    }
    expect(listed.filter(isReadable).at(-1)!.plan!.skip).toHaveLength(2_500);
    expect(await releases.queue(STAGE)).toMatchObject({ waiting: { id: idOf('G') }, last: idOf('F') });
    const found = await states.list(STAGE);
    expect(found.map(({ path, status }) => [path, status])).toEqual([
      ['mail', 'failed'],
      ['orders', 'deploying'],
    ]);
    expect(found.filter(({ unreadable }) => unreadable)).toEqual([]);
    expect((await states.deployedAt(STAGE, 'orders', idOf('C')))?.releaseId).toBe(idOf('A'));
    expect(await states.lastDeployed(STAGE, 'orders', 9)).toHaveLength(2);
    expect((await stages.list('shop')).map(({ stage }) => stage)).toEqual(['pr-12', 'topic']);
    expect(await planned.find(STAGE)).toBeDefined();
    expect(await seen.find('shop')).toBeDefined();
    expect(await storages.list()).toHaveLength(1);
    expect(await releases.ignored('shop', 9)).toHaveLength(1);
    expect(await waits.list(idOf('A'))).toEqual({ waits: [], hasEnded: true });
  });

  it('between states and workers is read by the workers of today', () => {
    for (const { worker, event } of read<Payload[]>(of, 'payloads.json')) {
      const parsed = READ[worker]?.safeParse(event);
      expect([worker, parsed?.error?.issues ?? []]).toEqual([worker, []]);
      expect(parsed).toBeDefined();
    }
  });

  it('in the artifact repository is read', () => {
    const artifacts = Object.entries(read<Record<string, Json>>(of, 'artifacts.json'));
    const ends = artifacts.map(([key, value]) => {
      const [end, schema] = Object.entries(STORED).find(([end]) => key.endsWith(end)) ?? [];
      expect([key, schema?.safeParse(value).error?.issues ?? []]).toEqual([key, []]);
      return end;
    });
    expect(new Set(ends)).toEqual(new Set([...Object.keys(STORED), undefined]));
  });

  it('in seedbed.yml, seed.yml and the parameters of apps is read', () => {
    const { apps } = resolveConfig(text(of, 'seedbed.yml'), PLACE);
    expect(apps.map(({ app }) => app)).toEqual(['shop', 'blog']);
    expect(read<string[]>(of, 'apps.json').map((stored) => readStoredApp(stored).app)).toEqual(['shop', 'blog']);
    expect(parseSeedYml(text(of, 'seed.yml')).services).toHaveLength(2);
  });

  const old = read<Readonly<Record<string, Definition>>>(of, 'definitions.json');
  it.each([
    ['all state machines', old],
    ['Release, with ServiceRelease and Watcher of today', { ...ownDefinitions(), [RELEASE]: old[RELEASE]! }],
    [
      'ServiceRelease and Watcher',
      { ...ownDefinitions(), [SERVICE_RELEASE]: old[SERVICE_RELEASE]!, [WATCHER]: old[WATCHER]! },
    ],
  ])(
    'as %s runs over the workers of today: a first release, a direct one, a failed one, and a removal',
    async (_, definitions) => {
      const world = releaseWorld({ definitions });
      const seedYml = 'before_deploy: [echo]\nafter_deploy: [echo]\nafter_all: [echo]\n';
      const commit = (code: string) => ({ services: { orders: { functions: { List: code } } }, seedYml });
      const left = { code: 'PackageFailed', message: 'no' };
      const failing = { failing: ({ task }: { readonly task?: string }) => (task === 'package' ? left : undefined) };
      expect((await world.release(commit('1'))).record.status).toBe('succeeded');
      expect((await world.release(commit('2'))).record.status).toBe('succeeded');
      expect((await world.release(commit('3'), failing)).record).toMatchObject({ status: 'failed' });
      expect((await world.remove()).record.status).toBe('succeeded');
      expect(await world.releases.open()).toEqual([]);
    },
  );
});

it('items and payloads are told apart by their keys alone', () => {
  expect(shapeOf({ b: [{ c: 1 }], a: null })).toBe('{anull,b[{c}]}');
  expect(kindOf({ pk: 'APP#shop#STAGE#dev', sk: 'RELEASE#01K#SERVICE#orders' })).toBe(
    'APP#…#STAGE# RELEASE#…#SERVICE#…',
  );
  expect(Wait.safeParse({}).success).toBe(false);
});
