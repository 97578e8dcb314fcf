import * as z from 'zod';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import { Name } from '../../lib/core/contracts/release';
import { readable } from '../../lib/core/contracts/unreadable';
import { mapBounded } from '../../lib/core/map-bounded';
import { type AppSeen, findMissed, isUnreleased, type MissedHead, seenNow } from '../../lib/core/trigger/find-missed';
import type { Apps } from '../../lib/ports/apps';
import type { Reconciliations } from '../../lib/ports/reconciliations';
import { type Outcome, type ReleaseRefPorts, releaseBranch, releasePullRequest } from './release-ref';
import { removeIfGone } from './remove-if-gone';

export interface ReconcilePorts extends ReleaseRefPorts {
  readonly apps: Apps;
  readonly reconciliations: Reconciliations;
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
 * Looks in every repository for what no event has told: heads that moved and were not released, pull requests without a
 * stage, stages whose pull request or branch is gone. It makes the same number of calls however many services there
 * are. If something is wrong with one app (its access was revoked, say), that is logged and the others go on.
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
  const missed = findMissed(seen);
  const again = { branches: new Set<string>(), pullRequests: new Set(missed.pullRequests.slice(NEW_STAGES)) };
  /** What fails is looked at again the next time, and does not stop the rest. */
  const attempt = async (
    about: { readonly branch?: string; readonly number?: number },
    act: () => Promise<readonly Outcome[]>,
  ): Promise<readonly Outcome[]> => {
    try {
      return await act();
    } catch (error) {
      if (about.branch !== undefined) again.branches.add(about.branch);
      if (about.number !== undefined) again.pullRequests.add(about.number);
      ports.log.warn('something in a repository could not be reconciled', { app, ...about, error });
      return [];
    }
  };
  const acts: readonly (() => Promise<readonly Outcome[]>)[] = [
    ...byBranch(missed.heads).map(
      ([branch, heads]) =>
        () =>
          attempt({ branch }, () => releaseMissed(ports, config, { branch, heads })),
    ),
    ...missed.pullRequests.slice(0, NEW_STAGES).map((number) => () => {
      const cause = causeOf(ports, `#${number}`);
      return attempt({ number }, () => releasePullRequest(ports, { config, number, cause }));
    }),
    ...missed.gone.map((made) => () => attempt({}, () => removeIfGone(ports, { config, made }))),
  ];
  const outcomes = await mapBounded(acts, ACTS_AT_ONCE, (act) => act());
  await ports.reconciliations.keep(app, seenNow(seen, again));
  return outcomes.flat();
}

/** Reads the made stages first: one that is made meanwhile must not seem to have no pull request. */
async function look(ports: ReconcilePorts, config: AppConfig): Promise<AppSeen> {
  const { app, repository } = config;
  const [made, before] = await Promise.all([ports.stages.list(app), ports.reconciliations.find(app)]);
  const hasPullRequests = config.pullRequests !== undefined || made.some(ofPullRequest);
  const [branches, openPullRequests] = await Promise.all([
    ports.source.branches(repository),
    hasPullRequests ? ports.source.openPullRequests(repository) : undefined,
  ]);
  return { config, made, before, branches, openPullRequests };
}

const ofPullRequest = ({ origin }: MadeStage): boolean => origin.kind === 'pull-request';

function byBranch(heads: readonly MissedHead[]): [string, readonly MissedHead[]][] {
  const branches = new Map<string, MissedHead[]>();
  for (const head of heads) branches.set(head.branch, [...(branches.get(head.branch) ?? []), head]);
  return [...branches];
}

async function releaseMissed(
  ports: ReconcilePorts,
  config: AppConfig,
  { branch, heads }: { readonly branch: string; readonly heads: readonly MissedHead[] },
): Promise<readonly Outcome[]> {
  const records = await Promise.all(
    heads.map(({ stage }) => ports.releases.latest({ app: config.app, stage }, HISTORY)),
  );
  const unreleased = heads.filter((head, index) => {
    const known = readable(records[index]!);
    // One that cannot be read may have released it: reconciliation by the newer version of Seedbed knows.
    return known.length === records[index]!.length && isUnreleased(head, known);
  });
  const cause = causeOf(ports, heads[0]!.commit);
  const numbers = unreleased.flatMap(({ number }) => (number === undefined ? [] : [number]));
  // Not to stages that had it released: they may have been rolled back since.
  const to = unreleased.flatMap(({ stage, number }) => (number === undefined ? [stage] : []));
  const outcomes = await Promise.all([
    ...numbers.map((number) => releasePullRequest(ports, { config, number, cause })),
    to.length > 0 ? releaseBranch(ports, { config, branch, cause, to }) : [],
  ]);
  return outcomes.flat();
}

const SLOT = 15 * 60_000;

/** Two reconciliations that run at once have the same cause, so they make one release; a later one has its own. */
const causeOf = ({ now }: ReconcilePorts, what: string) => ({
  id: `reconcile/${Math.floor(now() / SLOT)}/${what}`,
  at: new Date(now()).toISOString(),
});
