import type { AppConfig } from '../contracts/app-config';
import type { MadeStage } from '../contracts/made-stage';
import type { ReleaseRecord, SeenRefs } from '../contracts/state';
import { fitBytes, jsonBytes } from '../text/fit-bytes';
import { stagesOfBranch } from './map-ref';

/** An app's repository and made stages, as they are. */
export interface AppSeen {
  readonly config: AppConfig;
  readonly made: readonly MadeStage[];
  /** Branches with the commits they point at. */
  readonly branches: ReadonlyMap<string, string>;
  /** Undefined where pull requests have no stages. */
  readonly openPullRequests: readonly number[] | undefined;
  /** What was seen the last time; undefined at the first look. */
  readonly before: SeenRefs | undefined;
}

/** A head that may not have been released to its stage. */
export interface MissedHead {
  readonly stage: string;
  readonly branch: string;
  readonly commit: string;
  /** Set if the stage is that of a pull request. */
  readonly number?: number;
  /** Whether nothing is known of how the branch was before. */
  readonly isFirstLook: boolean;
}

/** What events should have told us, and may not have. */
export interface Missed {
  readonly heads: readonly MissedHead[];
  /** Open pull requests without a stage. */
  readonly pullRequests: readonly number[];
  /** Stages whose pull request or branch seems to be gone. */
  readonly gone: readonly MadeStage[];
}

/**
 * Compares a repository with what was seen of it before: only a head that has moved since can have been missed. So
 * neither a new rule nor an old branch makes a release, and what has not changed costs nothing.
 */
export function findMissed(seen: AppSeen): Missed {
  const { config, openPullRequests, branches } = seen;
  // A name that is now configured is not for a rule to remove.
  const made = seen.made.filter(({ stage }) => !Object.hasOwn(config.stages, stage));
  const numbers = made.flatMap(({ origin }) => (origin.kind === 'pull-request' ? [origin.number] : []));
  return {
    heads: [...branchHeads(seen), ...pullRequestHeads(seen, made)],
    pullRequests: config.pullRequests
      ? (openPullRequests ?? []).filter(
          (number) => !numbers.includes(number) && !seen.before?.pullRequests?.includes(number),
        )
      : [],
    gone: made.filter(({ origin }) =>
      origin.kind === 'branch' ? !branches.has(origin.branch) : openPullRequests?.includes(origin.number) === false,
    ),
  };
}

function branchHeads({ config, branches, before }: AppSeen): readonly MissedHead[] {
  const moved = [...branches].filter(([branch, commit]) => hasMoved(before, branch, commit));
  return moved.flatMap(([branch, commit]) => {
    const mapping = stagesOfBranch(config, branch);
    if ('ignored' in mapping) return [];
    return mapping.stages.map(({ stage }) => ({ stage, branch, commit, isFirstLook: before === undefined }));
  });
}

/** If an open pull request has a stage, it is not from a fork, and its branch is in the repository. */
function pullRequestHeads({ branches, before, openPullRequests }: AppSeen, made: readonly MadeStage[]): MissedHead[] {
  return made.flatMap(({ stage, origin }) => {
    if (origin.kind !== 'pull-request' || !openPullRequests?.includes(origin.number)) return [];
    const commit = branches.get(origin.branch);
    if (commit === undefined || !hasMoved(before, origin.branch, commit)) return [];
    return [{ stage, branch: origin.branch, commit, number: origin.number, isFirstLook: before === undefined }];
  });
}

const DIGITS = 12;

const hasMoved = (before: SeenRefs | undefined, branch: string, commit: string): boolean =>
  before?.branches[branch] !== commit.slice(0, DIGITS);

/**
 * @param records the newest releases of the stage
 * @returns whether a head has not reached its stage. At the first look, only a branch that was released there before
 *   counts.
 */
export const isUnreleased = (
  { branch, commit, isFirstLook }: MissedHead,
  records: readonly Pick<ReleaseRecord, 'release'>[],
): boolean =>
  records.every(({ release }) => release.commit !== commit) &&
  (!isFirstLook || records.some(({ release }) => release.branch === branch));

/** An item of DynamoDB holds 400 KB; what there is no room for is treated as new. */
const MOST_BYTES = 340_000;

/**
 * @param again branches and pull requests that are to be looked at again the next time
 * @returns what to keep for the next time
 */
export function seenNow(
  { config, branches, openPullRequests }: Omit<AppSeen, 'before' | 'made'>,
  again: { readonly branches: ReadonlySet<string>; readonly pullRequests: ReadonlySet<number> },
): SeenRefs {
  const isDeployed = (branch: string): boolean => 'stages' in stagesOfBranch(config, branch);
  const all = [...branches].flatMap(([branch, commit]) =>
    again.branches.has(branch) ? [] : [[branch, commit.slice(0, DIGITS)] as const],
  );
  const pullRequests = openPullRequests?.filter((number) => !again.pullRequests.has(number));
  const fitted = fitBytes(pullRequests ?? [], MOST_BYTES, (number) => jsonBytes(number) + 1).fits;
  let room = MOST_BYTES - jsonBytes(fitted);
  // Branches that are deployed come first.
  const fit = (some: typeof all): typeof all => {
    const { fits } = fitBytes(some, room, jsonBytes);
    room -= jsonBytes(fits);
    return [...fits];
  };
  const kept = [
    ...fit(all.filter(([branch]) => isDeployed(branch))),
    ...fit(all.filter(([branch]) => !isDeployed(branch))),
  ];
  return { branches: Object.fromEntries(kept), ...(pullRequests && { pullRequests: [...fitted] }) };
}
