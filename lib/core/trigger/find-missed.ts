import type { AppConfig } from '../contracts/app-config';
import type { MadeStage } from '../contracts/made-stage';
import type { RefName, RefState, ReleaseRecord, SeenRefs } from '../contracts/state';
import { fitBytes, jsonBytes } from '../text/fit-bytes';
import {
  isRetargeted,
  type MappedPullRequest,
  type Mapping,
  stageOfPullRequest,
  stagesOfBranch,
  stagesOfTag,
} from './map-ref';
import { branchRef, pullRequestRef, refOfRelease, refParts, tagRef } from './ref-name';
import { pullRequestStageName } from './stage-name';

/** An app's repository and made stages, as they are, and what was accepted of it. */
export interface AppSeen {
  readonly config: AppConfig;
  readonly made: readonly MadeStage[];
  /** The newest accepted states. */
  readonly states: readonly RefState[];
  /** Branches with the commits they point at. */
  readonly branches: ReadonlyMap<string, string>;
  /** What the tags that begin so point at. */
  readonly tags: { readonly prefixes: readonly string[]; readonly heads: ReadonlyMap<string, string> };
  /** Undefined where pull requests have no stages. */
  readonly openPullRequests: readonly (MappedPullRequest & { readonly commit: string })[] | undefined;
  /** What was seen the last time; undefined at the first look. */
  readonly before: SeenRefs | undefined;
}

/** A stage that may not have the state of a reference. */
interface MissedStage {
  readonly stage: string;
  /** The newest accepted state; undefined if none is known. */
  readonly state?: RefState;
  /** Whether the reference has moved since the last look. */
  readonly hasMoved: boolean;
}

/** A state of a branch, tag or pull request that may not have reached its stages. */
export interface MissedRef {
  readonly ref: RefName;
  /** Undefined if it is gone. */
  readonly head?: string;
  readonly stages: readonly MissedStage[];
  /** Whether its stage is yet to be made. */
  readonly isNewStage: boolean;
}

/** What events should have told us, and may not have. */
export interface Missed {
  readonly refs: readonly MissedRef[];
  /** Stages whose pull request or branch seems to be gone. */
  readonly gone: readonly MadeStage[];
}

/**
 * Compares a repository with the newest states that were accepted of it: a branch, tag or pull request that is in
 * another state was missed, whichever event was lost. One of which nothing was accepted was missed if it has moved
 * since the last look. So neither a new rule nor an old branch makes a release.
 */
export function findMissed(seen: AppSeen): Missed {
  const { config, openPullRequests = [], before } = seen;
  // A name that is now configured is not for a rule to remove.
  const made = seen.made.filter(({ stage }) => !Object.hasOwn(config.stages, stage));
  const states = new Map(seen.states.map((state) => [keyOf(state.stage, state.ref), state]));
  const isMade = new Set(made.map(({ stage }) => stage));
  const judge = (ref: RefName, head: string, mapping: Mapping, hasMoved: boolean): readonly MissedRef[] => {
    if ('ignored' in mapping) return [];
    const stages = mapping.stages.flatMap(({ stage, made: of }) => {
      const state = states.get(keyOf(stage, ref));
      const isMissed = state
        ? state.head !== head || state.again !== undefined
        : hasMoved || before?.version === undefined;
      return isMissed ? [{ stage, state, hasMoved, isNewStage: of !== undefined && !isMade.has(stage) }] : [];
    });
    return stages.length > 0 ? [{ ref, head, stages, isNewStage: stages.some((one) => one.isNewStage) }] : [];
  };
  return {
    refs: [
      ...[...seen.branches].flatMap(([branch, head]) =>
        judge(branchRef(branch), head, stagesOfBranch(config, branch), hasBranchMoved(before, branch, head)),
      ),
      ...[...seen.tags.heads].flatMap(([tag, head]) =>
        judge(tagRef(tag), head, stagesOfTag(config, tag), hasTagMoved(before, tag, head)),
      ),
      ...openPullRequests.flatMap((request) => {
        const { number, commit } = request;
        const mapping = stageOfPullRequest(config, request);
        if ('stages' in mapping) {
          return judge(pullRequestRef(number), commit, mapping, !before?.pullRequests?.includes(number));
        }
        const isKnown = [before?.pullRequests, before?.otherPullRequests].some((some) => some?.includes(number));
        return isKnown || !config.pullRequests ? [] : [ignoredRequest(number, commit)];
      }),
      ...seen.states.filter((state) => !isMade.has(state.stage) && isGone(seen, state)).map(goneRef),
    ],
    gone: made.filter(({ origin }) => {
      if (origin.kind === 'branch') return !seen.branches.has(origin.branch);
      if (!seen.openPullRequests) return false;
      const request = openPullRequests.find(({ number }) => number === origin.number);
      return request === undefined || isRetargeted(config, request);
    }),
  };
}

/** No name of a stage has a space. */
const keyOf = (stage: string, ref: RefName): string => `${stage} ${ref}`;

/** Why a pull request has no stage is stored once. */
const ignoredRequest = (number: number, head: string): MissedRef => ({
  ref: pullRequestRef(number),
  head,
  stages: [{ stage: pullRequestStageName(number), hasMoved: true }],
  isNewStage: true,
});

const goneRef = (state: RefState): MissedRef => ({
  ref: state.ref,
  stages: [{ stage: state.stage, state, hasMoved: true }],
  isNewStage: false,
});

/** @returns whether a reference that was accepted last, and that its stage still deploys, is not there any more */
function isGone({ config, branches, tags, openPullRequests }: AppSeen, { ref, head, stage }: RefState): boolean {
  if (head === undefined) return false;
  const { kind, name } = refParts(ref);
  const deploys = (mapping: Mapping): boolean =>
    'stages' in mapping && mapping.stages.some((one) => one.stage === stage);
  if (kind === 'branch') return !branches.has(name) && deploys(stagesOfBranch(config, name));
  if (kind === 'tag') return !tags.heads.has(name) && deploys(stagesOfTag(config, name));
  return (
    config.pullRequests !== undefined &&
    openPullRequests?.every((request) => String(request.number) !== name || isRetargeted(config, request)) === true
  );
}

const DIGITS = 12;
const digits = (head: string): string => head.slice(0, DIGITS);

/** What there was no room for is not new. */
function hasBranchMoved(before: SeenRefs | undefined, branch: string, head: string): boolean {
  const known = before?.branches[branch];
  return known === undefined ? before !== undefined && !before.cut : known !== digits(head);
}

function hasTagMoved(before: SeenRefs | undefined, tag: string, head: string): boolean {
  const wasAsked = before?.tagPrefixes?.some((prefix) => tag.startsWith(prefix)) ?? false;
  const known = before?.tags?.[tag];
  return known === undefined ? wasAsked && !before?.cut : known !== digits(head);
}

/**
 * Judges a reference of which no accepted state is known, because an older version of the platform accepted it, or
 * nobody did.
 * @param isFirstLook whether nothing is known of how the repository was before: then only what was released before
 *   counts
 * @param records the newest releases of the stage
 * @returns `released`, or `missed`, or that it is to be left as it is: then `by` is the newest release of it, if any
 */
export function judgeByHistory(
  { ref, head }: Pick<MissedRef, 'ref' | 'head'>,
  { hasMoved, isFirstLook }: { readonly hasMoved: boolean; readonly isFirstLook: boolean },
  records: readonly Pick<ReleaseRecord, 'release'>[],
): { readonly verdict: 'released' | 'missed' | 'left'; readonly by?: string } {
  const released = records.find(({ release }) => release.commit === head);
  if (released) return { verdict: 'released', by: released.release.id };
  // Somebody has removed the stage.
  if (records[0]?.release.remove) return { verdict: hasMoved ? 'missed' : 'left' };
  const ofIt = records.find(({ release }) => refOfRelease(release) === ref && !release.rollback);
  const { kind } = refParts(ref);
  const isBehind = ofIt !== undefined && (kind === 'pull-request' || (kind === 'branch' && isFirstLook));
  return hasMoved || isBehind ? { verdict: 'missed' } : { verdict: 'left', by: ofIt?.release.id };
}

/** An item of DynamoDB holds 400 KB. */
const MOST_BYTES = 340_000;

/**
 * @param again references that are to be looked at again the next time
 * @returns what to keep for the next time
 */
export function seenNow(
  { config, branches, tags, openPullRequests }: Omit<AppSeen, 'before' | 'made' | 'states'>,
  again: ReadonlySet<RefName>,
): SeenRefs {
  const numbers = (hasStage: boolean) =>
    openPullRequests
      ?.filter((request) => 'stages' in stageOfPullRequest(config, request) === hasStage)
      .map(({ number }) => number)
      .filter((number) => !again.has(pullRequestRef(number)));
  let room = MOST_BYTES;
  let leftOut = 0;
  const fit = <T>(some: readonly T[], bytesOf: (one: T) => number): readonly T[] => {
    const { fits } = fitBytes(some, room, bytesOf);
    room -= jsonBytes(fits);
    leftOut += some.length - fits.length;
    return fits;
  };
  const entries = (heads: ReadonlyMap<string, string>, refOf: (name: string) => RefName) =>
    [...heads].map(([name, head]) => [name, again.has(refOf(name)) ? '' : digits(head)] as const);
  const isDeployed = ([branch]: readonly [string, string]): boolean => 'stages' in stagesOfBranch(config, branch);
  const all = entries(branches, branchRef);
  const [pullRequests, otherPullRequests] = [true, false].map(
    (hasStage) => openPullRequests && [...fit(numbers(hasStage) ?? [], (number) => jsonBytes(number) + 1)],
  );
  // Branches that are deployed come first.
  const keptBranches = [...fit(all.filter(isDeployed), jsonBytes)];
  const keptTags = fit(entries(tags.heads, tagRef), jsonBytes);
  keptBranches.push(
    ...fit(
      all.filter((entry) => !isDeployed(entry)),
      jsonBytes,
    ),
  );
  return {
    version: 2,
    branches: Object.fromEntries(keptBranches),
    tags: Object.fromEntries(keptTags),
    tagPrefixes: [...tags.prefixes],
    pullRequests,
    otherPullRequests,
    ...(leftOut > 0 && { cut: true }),
  };
}
