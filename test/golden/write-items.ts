import { dynamoCodeStorages } from '../../lib/aws/state/dynamo-code-storages';
import { dynamoNotices } from '../../lib/aws/state/dynamo-notices';
import { dynamoPlannedBases } from '../../lib/aws/state/dynamo-planned-bases';
import { dynamoReconciliations } from '../../lib/aws/state/dynamo-reconciliations';
import { dynamoReleaseBuilds } from '../../lib/aws/state/dynamo-release-builds';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { dynamoWaits } from '../../lib/aws/state/dynamo-waits';
import type { Release } from '../../lib/core/contracts/release';
import type { ServiceRecord } from '../../lib/core/contracts/state';
import { aHash, aRelease } from '../builders';
import { tableInMemory } from '../table-in-memory';

/** The table of a test. */
type Table = ReturnType<typeof tableInMemory>;

const AT = '2026-01-02T03:04:06.000Z';
export const STAGE = { app: 'shop', stage: 'dev' };
/** Letters of the releases that `writeItems` makes, the newest last, each with how it stands. */
export const RELEASES = [
  ['A', 'succeeded'],
  ['B', 'failed'],
  ['C', 'aborted'],
  ['D', 'succeeded'],
  ['E', 'superseded'],
  ['F', 'running'],
  ['G', 'waiting'],
] as const;
export const idOf = (letter: string): string => `01K${'0'.repeat(15)}${letter.repeat(8)}`;

/** @returns the adapters of all that is in the state table */
export const stateOf = ({ client }: Pick<Table, 'client'>) => ({
  releases: dynamoReleases(client, 'State'),
  states: dynamoServiceStates(client, 'State'),
  stages: dynamoStages(client, 'State'),
  builds: dynamoReleaseBuilds(client, 'State'),
  planned: dynamoPlannedBases(client, 'State'),
  seen: dynamoReconciliations(client, 'State'),
  storages: dynamoCodeStorages(client, 'State'),
  notices: dynamoNotices(client, 'State'),
  waits: dynamoWaits(client, 'State'),
});

/** Releases of every kind: what each of them is besides a push. */
const MORE: Readonly<Record<string, Partial<Release>>> = {
  B: { tag: 'v1', force: true, only: ['orders'], build: undefined },
  C: { remove: { emptyBuckets: true, because: 'asked-for' } },
  D: { rollback: { to: idOf('A'), service: 'orders' } },
  F: { repository: { provider: 'github', name: 'acme/shop' }, pullRequest: { number: 12 }, template: 'dev' },
};

const RECORD: ServiceRecord = {
  path: 'orders',
  status: 'deployed',
  planned: [{ code: 'files-changed', message: 'orders/a.ts changed' }],
  decision: {
    kind: 'incremental',
    reasons: [{ code: 'function-code-changed', message: 'List changed' }],
    changedFunctions: ['List'],
  },
  functions: [{ logicalId: 'List', name: 'orders-dev-List', updated: true, version: '7' }],
  outputs: { Url: 'https://x.example.com' },
  durations: { build: 1_000, deploy: 2_000, shift: 500, record: 100 },
  buildId: 'seedbed:1',
  buildTimes: { queued: 1, framework: 2 },
  warnings: ['a warning'],
};

/**
 * Writes an item of every kind, by the adapters that the workers have.
 * @returns the items, by their keys
 */
export async function writeItems(): Promise<readonly Record<string, unknown>[]> {
  const table = tableInMemory();
  const state = stateOf(table);
  const { releases, states } = state;
  let waiting: Release | undefined;
  let last: string | undefined;
  for (const [letter, status] of RELEASES) {
    const id = idOf(letter);
    const trigger = {
      type: letter === 'D' ? ('rollback' as const) : ('push' as const),
      id: `event-${letter}`,
      by: 'ada',
    };
    const release = aRelease({ id, trigger, ...MORE[letter] });
    await releases.accept(release, { waiting, last });
    waiting = status === 'waiting' || status === 'superseded' ? release : undefined;
    if (waiting || status === 'waiting' || status === 'superseded') continue;
    last = id;
    await releases.takeLock(release, AT);
    await releases.recordExecution(release, `arn:aws:states:eu-central-1:111122223333:execution:Seedbed-Release:${id}`);
    const skip = [{ path: 'web', reasons: [{ code: 'unchanged' as const, message: 'nothing changed' }] }];
    const planned = { path: 'orders', reasons: [...RECORD.planned], phase: 0, environment: 'stamp' };
    await releases.recordPlan(release, { phases: [[planned]], skip: letter === 'A' ? many() : skip }, AT);
    await state.builds.record(release, {
      path: 'orders',
      task: 'package',
      buildId: `seedbed:${letter}`,
      startedAt: AT,
    });
    await state.notices.begin(release, { by: 'worker', now: 0, until: 1 });
    await state.notices.record(release, { told: { topic: status }, deploymentAsked: true, deploymentId: 1 });
    if (status === 'running') {
      const mark = {
        stackName: 'orders-dev',
        phase: 0,
        decidedOn: { releaseId: id, manifestSha256: aHash('manifest') },
      };
      await states.beginService(release, 'orders', { ...mark, found: { status: 'deployed', releaseId: idOf('D') } });
      continue;
    }
    await endServices(state, release, status);
    const error = { code: 'ServiceFailed', message: 'service "orders": no' };
    const durations = { trigger: 1, plan: 2, build: 3, deploy: 4, shift: 5, record: 6 };
    if (status === 'aborted') await releases.cancel(release, { by: 'ada', at: AT });
    const why = status === 'succeeded' ? {} : { error };
    await releases.end(release, { status, finishedAt: AT, durations, buildTimes: { queued: 1 }, ...why });
    await releases.recordAnnouncement(release, AT);
    await releases.recordPruned(release, { versions: 2, bytes: 2_000 });
  }
  await writeOthers(state);
  return table.all();
}

async function endServices({ states }: ReturnType<typeof stateOf>, release: Release, status: string): Promise<void> {
  const deployed = { commit: release.commit, deployedPackage: `packages/shop/dev/orders/${release.id}/deployed.json` };
  const more = { stackName: 'orders-dev', phase: 0, environment: 'stamp', outputs: RECORD.outputs };
  const error = { code: 'StackFailed', message: 'no' };
  if (status === 'succeeded')
    await states.endService(release, { status: 'deployed', ...deployed, ...more, architecture: 'arm64' }, RECORD);
  if (status === 'failed') await states.endService(release, { status }, { ...RECORD, status, error });
  if (status === 'aborted') await states.closeService(release, { ...RECORD, path: 'mail', status: 'failed', error });
}

/** A plan that is stored packed. */
const many = () =>
  Array.from({ length: 2_500 }, (_, index) => ({
    path: `services/of-a-team/${index}`,
    reasons: [{ code: 'unchanged' as const, message: 'nothing that concerns the service changed since then' }],
  }));

async function writeOthers(state: ReturnType<typeof stateOf>): Promise<void> {
  const made = { app: 'shop', template: 'dev', madeAt: AT };
  await state.stages.make({ ...made, stage: 'pr-12', origin: { kind: 'pull-request', number: 12, branch: 'topic' } });
  await state.stages.make({ ...made, stage: 'topic', origin: { kind: 'branch', branch: 'topic' } });
  await state.stages.change({ app: 'shop', stage: 'topic' }, { removeAskedAt: AT, commentId: 1 });
  await state.planned.keep(STAGE, { commit: 'b'.repeat(40), unchanged: { web: 'a'.repeat(40) } });
  await state.seen.keep('shop', { branches: { main: 'bbbbbbb' }, pullRequests: [12] });
  await state.storages.keep({ account: '123456789012', region: 'eu-central-1', used: 1, limit: 2, at: AT });
  const repository = { provider: 'codecommit' as const, name: 'shop' };
  const reason = { code: 'branch-without-stage' as const, message: 'branch "x" has no stage' };
  await state.releases.recordIgnored({ app: 'shop', repository, branch: 'x', reason, at: AT, eventId: 'event-x' });
  await state.waits.end(idOf('A'));
}
