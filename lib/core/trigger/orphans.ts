import type { AppConfig } from '../contracts/app-config';
import type { MadeStage } from '../contracts/made-stage';
import type { ReleaseRecord, ServiceState } from '../contracts/state';
import { matchesRef } from './map-ref';

/** Why a stage should no longer exist. */
const ORPHAN_REASONS = [
  'removal-failed',
  'removal-overdue',
  'pull-request-closed',
  'branch-gone',
  'rule-gone',
] as const;
type OrphanReason = (typeof ORPHAN_REASONS)[number];

/** A stage that still exists although nothing will deploy to it any more. */
export interface Orphan {
  readonly stage: string;
  readonly reason: { readonly code: OrphanReason; readonly message: string };
  /** The services of which something may be left. */
  readonly services: readonly string[];
}

/** What is known about an app's stages. What was not asked for is absent, and nothing is concluded from that. */
export interface StagesSeen {
  /** Undefined if the app is not connected any more. */
  readonly config: Pick<AppConfig, 'stages' | 'pullRequests' | 'branchStages'> | undefined;
  readonly made: readonly MadeStage[];
  readonly openPullRequests?: readonly number[];
  readonly branches?: readonly string[];
  /** What is deployed, by stage; a stage that is neither made nor configured is one whose rule is gone. */
  readonly states: ReadonlyMap<string, readonly Pick<ServiceState, 'path'>[]>;
  /** The newest release of each made stage. */
  readonly newest: ReadonlyMap<string, Pick<ReleaseRecord, 'status' | 'error' | 'release'>>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A removal that has not happened within this time is lost. */
export const REMOVAL_OVERDUE = 30 * 60_000;

/** @returns the stages that should no longer exist, by name, each with the reason. */
export function findOrphans(seen: StagesSeen): readonly Orphan[] {
  const made = new Map(seen.made.map((stage) => [stage.stage, stage]));
  const stages = [...new Set([...made.keys(), ...seen.states.keys()])].sort();
  return stages.flatMap((stage) => {
    const services = (seen.states.get(stage) ?? []).map(({ path }) => path);
    const one = made.get(stage);
    const reason = one ? whyOrphan(seen, one) : whyUnknown(seen, stage, services);
    return reason ? [{ stage, reason, services }] : [];
  });
}

type Reason = Orphan['reason'];

function whyOrphan(seen: StagesSeen, made: MadeStage): Reason | undefined {
  if (made.removeAskedAt !== undefined) return whyStillThere(seen, made, made.removeAskedAt);
  const { origin } = made;
  if (origin.kind === 'pull-request' && seen.openPullRequests?.includes(origin.number) === false) {
    return { code: 'pull-request-closed', message: `pull request #${origin.number} is no longer open` };
  }
  if (origin.kind === 'branch' && seen.branches?.includes(origin.branch) === false) {
    return { code: 'branch-gone', message: `branch "${origin.branch}" no longer exists` };
  }
  return hasRule(seen, made) ? undefined : { code: 'rule-gone', message: ruleGone(made) };
}

function whyStillThere({ newest, now }: StagesSeen, { stage }: MadeStage, askedAt: string): Reason | undefined {
  const last = newest.get(stage);
  if (last?.status === 'waiting' || last?.status === 'running') return undefined;
  if (last?.release.remove && (last.status === 'failed' || last.status === 'aborted')) {
    const why = last.error ? `: ${last.error.message}` : '';
    return { code: 'removal-failed', message: `its removal, release ${last.release.id}, ${last.status}${why}` };
  }
  if (now - Date.parse(askedAt) < REMOVAL_OVERDUE) return undefined;
  return { code: 'removal-overdue', message: `its removal was asked for at ${askedAt} and has not happened` };
}

/** If a configured stage is gone, nothing can be deployed to the stages that have its settings. */
function hasRule({ config }: StagesSeen, { template, origin }: MadeStage): boolean {
  if (!config?.stages[template]) return false;
  if (origin.kind === 'pull-request') return config.pullRequests?.template === template;
  return config.branchStages.some(
    (rule) => rule.template === template && rule.branches.some((pattern) => matchesRef(pattern, origin.branch)),
  );
}

const ruleGone = ({ template, origin }: MadeStage): string => {
  const of = origin.kind === 'pull-request' ? 'pull requests' : `branch "${origin.branch}"`;
  return `seedbed.yml no longer has a rule that gives ${of} a stage like "${template}"`;
};

function whyUnknown({ config }: StagesSeen, stage: string, services: readonly string[]): Reason | undefined {
  if (services.length === 0 || config?.stages[stage]) return undefined;
  return {
    code: 'rule-gone',
    message: 'it is no longer a stage in seedbed.yml, but services are still deployed in it',
  };
}
