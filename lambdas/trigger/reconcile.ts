import * as z from 'zod';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import { Name } from '../../lib/core/contracts/release';
import type { RefName } from '../../lib/core/contracts/state';
import { readable } from '../../lib/core/contracts/unreadable';
import { mapBounded } from '../../lib/core/map-bounded';
import { REPOSITORIES_REPLACED } from '../../lib/core/record/release-metrics';
import { type AppSeen, findMissed, judgeByHistory, type MissedRef, seenNow } from '../../lib/core/trigger/find-missed';
import { tagPrefixes } from '../../lib/core/trigger/map-ref';
import { refOfOrigin, refParts } from '../../lib/core/trigger/ref-name';
import { likelyNewestFirst } from '../../lib/core/trigger/tag-order';
import type { Apps } from '../../lib/ports/apps';
import type { Metrics } from '../../lib/ports/metrics';
import type { Reconciliations } from '../../lib/ports/reconciliations';
import { findReplaced } from '../../lib/release/queue/same-repository';
import { inOrder } from './judge-tag';
import { type Outcome, type ReleaseRefPorts, releaseBranch, releasePullRequest, releaseTag } from './release-ref';
import { removeIfGone } from './remove-if-gone';

export interface ReconcilePorts extends ReleaseRefPorts {
  readonly apps: Apps;
  readonly reconciliations: Reconciliations;
  readonly metrics: Metrics;
}

const ReconcileInput = z.object({ app: Name.optional() });

/** What a reconciliation did. */
export interface Reconciled {
  readonly apps: number;
  readonly outcomes: readonly (Outcome & { readonly app: string })[];
  /** Apps that could not be reconciled; the log says why. */
  readonly failed: readonly string[];
}

/** Apps that are looked at side by side. */
const AT_ONCE = 5;
/** Branches and stages of an app that are seen to side by side: after an outage there may be hundreds. */
const ACTS_AT_ONCE = 10;
/** The most stages that one reconciliation makes for an app's pull requests, of which there may be hundreds. */
const NEW_STAGES = 10;
/** A branch may be deployed by a stage that many branches share. */
const HISTORY = 50;

/**
 * Looks in every repository for what no event has told: branches, tags and pull requests that are in another state than
 * the one accepted last, or whose release failed because the host was away; pull requests without a stage; stages whose
 * pull request or branch is gone. It makes the same number of calls however many services there are. If something is
 * wrong with one app (its access was revoked, say), that is logged and the others go on.
 *
 * @param event an event of the schedule, or `{"app": "shop"}` for one app
 */
export const reconcile =
  (ports: ReconcilePorts) =>
  async (event: unknown): Promise<Reconciled> => {
    const { app: only } = ReconcileInput.parse(event);
    const names = only === undefined ? await ports.apps.names() : [only];
    const done: { readonly app: string; readonly outcomes?: readonly Outcome[] }[] = [];
    for (let first = 0; first < names.length; first += AT_ONCE) {
      done.push(...(await Promise.all(names.slice(first, first + AT_ONCE).map((app) => reconcileOrLog(ports, app)))));
    }
    return {
      apps: names.length,
      outcomes: done.flatMap(({ app, outcomes = [] }) => outcomes.map((outcome) => ({ ...outcome, app }))),
      failed: done.flatMap(({ app, outcomes }) => (outcomes ? [] : [app])),
    };
  };

async function reconcileOrLog(ports: ReconcilePorts, app: string) {
  try {
    const outcomes = await reconcileApp(ports, app);
    if (outcomes.length > 0) ports.log.info('an app was reconciled', { app, outcomes });
    return { app, outcomes };
  } catch (error) {
    ports.log.warn('an app could not be reconciled', { app, error });
    return { app };
  }
}

async function reconcileApp(ports: ReconcilePorts, app: string): Promise<readonly Outcome[]> {
  const config = await ports.apps.find(app);
  if (!config) return [];
  const seen = await look(ports, config);
  const replaced = await findReplaced(ports, config);
  if (replaced !== undefined) {
    ports.metrics.add({ app }, { [REPOSITORIES_REPLACED]: { value: 1, unit: 'Count' } });
    throw new ReleaseError('RepositoryReplaced', replaced);
  }
  const missed = findMissed(seen);
  const [now, later] = [missed.refs.filter((one) => !one.isNewStage), missed.refs.filter((one) => one.isNewStage)];
  const again = new Set(later.slice(NEW_STAGES).map(({ ref }) => ref));
  /** What fails is looked at again the next time, and does not stop the rest. */
  const attempt = async <T>(refs: readonly RefName[], act: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await act();
    } catch (error) {
      for (const ref of refs) again.add(ref);
      ports.log.warn('something in a repository could not be reconciled', { app, refs, error });
      return [];
    }
  };
  /** One after the other: when the newest is accepted, the others are too old, and told so. */
  const releaseTags = async (tags: readonly MissedRef[]): Promise<readonly Outcome[]> => {
    const refs = tags.map(({ ref }) => ref);
    const outcomes: Outcome[] = [];
    for (const one of await attempt(refs, () => orderTags(ports, seen, tags))) {
      outcomes.push(...(await attempt([one.ref], () => release(ports, seen, one))));
    }
    return outcomes;
  };
  const isTag = ({ ref, head }: MissedRef): boolean => refParts(ref).kind === 'tag' && head !== undefined;
  const acts: readonly (() => Promise<readonly Outcome[]>)[] = [
    ...[...now.filter((one) => !isTag(one)), ...later.slice(0, NEW_STAGES)].map(
      (one) => () => attempt([one.ref], () => releaseMissed(ports, seen, one)),
    ),
    ...tagsByStage(now.filter(isTag)).map((tags) => () => releaseTags(tags)),
    ...missed.gone.map(
      (made) => () => attempt([refOfOrigin(made.origin)], () => removeIfGone(ports, { config, made })),
    ),
  ];
  const outcomes = await mapBounded(acts, ACTS_AT_ONCE, (act) => act());
  const kept = seenNow(seen, again);
  if (kept.cut) ports.log.warn('a repository has more branches and tags than can be kept of it', { app });
  await ports.reconciliations.keep(app, kept);
  return outcomes.flat();
}

/** @returns the tags that there are, by the stages that may have missed them */
function tagsByStage(refs: readonly MissedRef[]): readonly (readonly MissedRef[])[] {
  const byStage = new Map<string, MissedRef[]>();
  for (const missed of refs) {
    for (const one of missed.stages) {
      byStage.set(one.stage, [...(byStage.get(one.stage) ?? []), { ...missed, stages: [one] }]);
    }
  }
  return [...byStage.values()];
}

/** @returns the tags that a stage has missed, in the order in which they are to be released */
async function orderTags(
  ports: ReconcilePorts,
  seen: AppSeen,
  tags: readonly MissedRef[],
): Promise<readonly MissedRef[]> {
  const { config } = seen;
  const chosen = await mapBounded(tags, ACTS_AT_ONCE, (one) => chooseMissed(ports, seen, one));
  const byName = new Map(chosen.flat().map((one) => [refParts(one.ref).name, one]));
  if (byName.size < 2) return [...byName.values()];
  const heads = await mapBounded(likelyNewestFirst([...byName.keys()]), ACTS_AT_ONCE, async (tag) => {
    const head = await ports.source.head(config.repository, { tag });
    return head ? [{ tag, commit: head.commit }] : [];
  });
  const stage = tags[0]!.stages[0]!.stage;
  return (await inOrder(ports, heads.flat(), { config, stage })).map((tag) => byName.get(tag)!);
}

/** Reads the made stages first: one that is made meanwhile must not seem to have no pull request. */
async function look(ports: ReconcilePorts, config: AppConfig): Promise<AppSeen> {
  const { app, repository } = config;
  const [made, states, before] = await Promise.all([
    ports.stages.list(app),
    ports.releases.refs(app),
    ports.reconciliations.find(app),
  ]);
  const hasPullRequests = config.pullRequests !== undefined || made.some(ofPullRequest);
  const prefixes = tagPrefixes(config);
  const [branches, heads, openPullRequests] = await Promise.all([
    ports.source.branches(repository),
    prefixes.length > 0 ? ports.source.tags(repository, prefixes) : new Map<string, string>(),
    hasPullRequests ? ports.source.openPullRequests(repository) : undefined,
  ]);
  return { config, made, states, before, branches, tags: { prefixes, heads }, openPullRequests };
}

const ofPullRequest = ({ origin }: MadeStage): boolean => origin.kind === 'pull-request';

async function releaseMissed(ports: ReconcilePorts, seen: AppSeen, missed: MissedRef): Promise<readonly Outcome[]> {
  const [chosen] = await chooseMissed(ports, seen, missed);
  return chosen ? release(ports, seen, chosen) : [];
}

/** @returns the state with the stages that have missed it; none if none has */
async function chooseMissed(ports: ReconcilePorts, seen: AppSeen, missed: MissedRef): Promise<readonly MissedRef[]> {
  const chosen = await Promise.all(
    missed.stages.map(async (one) => ((await isMissed(ports, seen, { ...missed, one })) ? [one] : [])),
  );
  const stages = chosen.flat();
  return stages.length > 0 ? [{ ...missed, stages }] : [];
}

async function release(
  ports: ReconcilePorts,
  { config }: AppSeen,
  { ref, stages }: MissedRef,
): Promise<readonly Outcome[]> {
  // Not to stages that had it released: they may have been rolled back since.
  const to = stages.map(({ stage }) => stage);
  const at = new Date(ports.now()).toISOString();
  const asked = { config, to, cause: { id: `reconcile/${at}/${ref}`, at } };
  const { kind, name } = refParts(ref);
  const releaseIt = {
    branch: () => releaseBranch(ports, { ...asked, branch: name }),
    tag: () => releaseTag(ports, { ...asked, tag: name }),
    'pull-request': () => releasePullRequest(ports, { ...asked, number: Number(name) }),
  }[kind];
  const outcomes = await releaseIt();
  for (const { stage, state } of stages) {
    // Something newer was accepted in the stage since.
    const isVoid = outcomes.some(
      (one) => one.stage === stage && 'started' in one && one.started.status === 'duplicate',
    );
    if (state?.again !== undefined && isVoid) {
      await ports.releases.repeat({ app: config.app, stage, id: state.again }, ref, false);
    }
  }
  return outcomes;
}

/** @returns whether a state is to be released to a stage; what is known not to be is noted as accepted */
async function isMissed(
  ports: ReconcilePorts,
  { config, before }: AppSeen,
  { ref, head, one: { stage, state, hasMoved } }: MissedRef & { readonly one: MissedRef['stages'][number] },
): Promise<boolean> {
  // Since the last look by this version, all that was accepted has a state.
  if (state || before?.version !== undefined) return true;
  const key = { app: config.app, stage };
  const queue = await ports.releases.queue(key);
  const listed = await ports.releases.latest(key, HISTORY);
  const records = readable(listed);
  // One that cannot be read may have released it: reconciliation by the newer version of Seedbed knows.
  if (records.length < listed.length) return false;
  const { verdict, by } = judgeByHistory({ ref, head }, { hasMoved, isFirstLook: before === undefined }, records);
  if (verdict === 'missed') return true;
  const at = new Date(ports.now()).toISOString();
  if (by !== undefined) await ports.releases.settle(key, queue, { ref, head, at, releaseId: by });
  return false;
}
