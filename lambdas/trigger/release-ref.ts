import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { StartReleaseOutput } from '../../lib/core/contracts/payloads';
import type { Removal, Repository, Trigger } from '../../lib/core/contracts/release';
import type { RefName } from '../../lib/core/contracts/state';
import type { EventHint, SeenState } from '../../lib/core/trigger/event-hint';
import {
  type IgnoredReason,
  type MappedStage,
  pullRequestsOff,
  stageOfPullRequest,
  stagesOfBranch,
  stagesOfTag,
} from '../../lib/core/trigger/map-ref';
import { branchRef, pullRequestRef, refParts, tagRef } from '../../lib/core/trigger/ref-name';
import { skipMarkOf } from '../../lib/core/trigger/skip-marks';
import { pullRequestStageName } from '../../lib/core/trigger/stage-name';
import { isSameOrigin, mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import type { Clock } from '../../lib/ports/clock';
import type { KnownRepositories } from '../../lib/ports/known-repositories';
import type { Head, Source } from '../../lib/ports/source';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { removalOf } from '../../lib/release/queue/remove-stage';
import { findReplaced } from '../../lib/release/queue/same-repository';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';
import { findUnmarked } from './find-unmarked';
import { judgeTag } from './judge-tag';
import { lookUntil } from './look-again';

export interface ReleaseRefPorts extends StartReleasePorts {
  readonly source: Source;
  readonly knownRepositories: KnownRepositories;
  readonly pace: Pick<Clock, 'sleep'>;
}

/** What made us look at a repository. It is only a reason to look: what is done depends on the repository now. */
export interface Cause {
  /** The same id never makes a second release. */
  readonly id: string;
  readonly by?: string;
  /** ISO time. */
  readonly at: string;
}

/** What came of it, by stage. */
export type Outcome =
  | { readonly stage: string; readonly started: StartReleaseOutput }
  | { readonly stage: string; readonly removing: StartReleaseOutput }
  | { readonly stage?: string; readonly ignored: string };

/** What is asked of an app's repository. */
interface Asked {
  readonly config: AppConfig;
  readonly cause: Cause;
  /** Only these stages. */
  readonly to?: readonly string[];
  /** What the event says that made us look. */
  readonly hint?: EventHint;
}

/**
 * Releases the head of a branch to each stage that deploys it; if the branch is gone, removes the stage of its own. A
 * head that was accepted before makes no second release, whatever event tells of it.
 */
export async function releaseBranch(
  ports: ReleaseRefPorts,
  asked: Asked & { readonly branch: string },
): Promise<readonly Outcome[]> {
  const { config, branch, to } = asked;
  const mapping = stagesOfBranch(config, branch);
  if ('ignored' in mapping) {
    const commit = (await isOfPullRequest(ports, config, branch)) ? undefined : asked.hint?.after;
    return [await ignore(ports, { ...asked, name: branch, commit }, mapping.ignored)];
  }
  const judge = judgeOnce(ports, config);
  const release = async ({ stage, made }: MappedStage): Promise<Outcome> =>
    releaseTo(ports, {
      ...asked,
      stage,
      name: branch,
      ref: branchRef(branch),
      judge,
      type: 'push',
      async look() {
        const head = await ports.source.head(config.repository, { branch });
        if (head) return { head, branch, made };
        const message = `branch "${branch}" no longer exists`;
        return { gone: 'branch-deleted', ignored: { code: 'branch-deleted', message } };
      },
    });
  return allOrFirstError(mapping.stages.filter(({ stage }) => to?.includes(stage) ?? true).map(release));
}

/**
 * @returns whether a branch is that of an open pull request with a stage: its head is about to be released there, and
 *   must not seem to be done with before
 */
async function isOfPullRequest({ source, log }: ReleaseRefPorts, config: AppConfig, branch: string): Promise<boolean> {
  if (!config.pullRequests || config.repository.provider !== 'github') return false;
  try {
    const open = await source.openPullRequests(config.repository);
    return open.some((one) => one.branch === branch && 'stages' in stageOfPullRequest(config, one));
  } catch (error) {
    log.warn('open pull requests could not be read', { app: config.app, branch, error });
    return true;
  }
}

/**
 * Releases what a tag points at to each stage that deploys it, unless it is older than the tag that the stage has.
 * Deleting a tag removes nothing.
 */
export async function releaseTag(
  ports: ReleaseRefPorts,
  asked: Asked & { readonly tag: string },
): Promise<readonly Outcome[]> {
  const { config, tag, to } = asked;
  const mapping = stagesOfTag(config, tag);
  if ('ignored' in mapping) return [await ignore(ports, { ...asked, name: tag }, mapping.ignored)];
  const judge = judgeOnce(ports, config);
  const release = async ({ stage }: MappedStage): Promise<Outcome> =>
    releaseTo(ports, {
      ...asked,
      stage,
      name: tag,
      ref: tagRef(tag),
      judge,
      type: 'push',
      async look() {
        const head = await ports.source.head(config.repository, { tag });
        if (head) return { head, tag };
        return { gone: 'tag', ignored: { code: 'tag-deleted', message: `tag "${tag}" no longer exists` } };
      },
    });
  return allOrFirstError(mapping.stages.filter(({ stage }) => to?.includes(stage) ?? true).map(release));
}

/** Releases the head of a pull request to its stage, or removes that if the request is closed. */
export async function releasePullRequest(
  ports: ReleaseRefPorts,
  asked: Asked & { readonly number: number },
): Promise<readonly Outcome[]> {
  const { config, number } = asked;
  const [stage, name] = [pullRequestStageName(number), `#${number}`];
  // Without a rule only a stage that a former rule made is of interest: no need to ask the host.
  if (!config.pullRequests && !(await ports.stages.find({ app: config.app, stage }))) {
    return [await ignore(ports, { ...asked, name, commit: asked.hint?.after }, pullRequestsOff(config))];
  }
  const outcome = await releaseTo(ports, {
    ...asked,
    stage,
    name,
    ref: pullRequestRef(number),
    judge: judgeOnce(ports, config),
    type: 'pull-request',
    async look() {
      const request = await ports.source.pullRequest(config.repository, number);
      if (!request || request.state === 'closed') return { gone: 'pull-request-closed' };
      const mapping = stageOfPullRequest(config, request);
      if ('stages' in mapping) return { ...request, made: mapping.stages[0]?.made };
      const isElsewhere = mapping.ignored.code === 'pull-request-to-other-branch';
      const { commit } = request.head;
      return {
        ...(isElsewhere && { gone: 'pull-request-retargeted' as const }),
        ignored: mapping.ignored,
        at: { object: commit, commit },
      };
    },
  });
  return [outcome];
}

/** What the repository says at the moment when a release is about to be accepted. */
type Look =
  | { readonly head: Head; readonly branch?: string; readonly tag?: string; readonly made?: MappedStage['made'] }
  | {
      /** That it is gone: why the stage goes, if it is a made one. Of a tag no stage is made. */
      readonly gone?: Removal['because'] | 'tag';
      /** Why nothing is released, if that is worth storing. */
      readonly ignored?: IgnoredReason;
      /** Set if it is there, and yet its stage has nothing of it. */
      readonly at?: SeenState;
    };

interface Looking extends Asked {
  readonly stage: string;
  /** Branch, tag, or `#12` of a pull request. */
  readonly name: string;
  readonly ref: RefName;
  readonly type: Trigger['type'];
  readonly look: () => Promise<Look>;
  /** @returns why what was just read is not of the app's repository */
  readonly judge: (commit: string | undefined) => Promise<string | undefined>;
}

/**
 * @returns what asks once for each commit whether it was read of the app's own repository: what is called again was
 *   read as well, and a commit is the same wherever it comes from
 */
function judgeOnce(ports: ReleaseRefPorts, config: AppConfig): Looking['judge'] {
  const asked = new Map<string | undefined, Promise<string | undefined>>();
  return (commit) => {
    const answer = asked.get(commit) ?? findReplaced(ports, config);
    asked.set(commit, answer);
    return answer;
  };
}

async function releaseTo(ports: ReleaseRefPorts, looking: Looking): Promise<Outcome> {
  const { config, stage, cause, type, ref, hint } = looking;
  const lookAgain = lookUntil(ports.pace, hint, {
    look: looking.look,
    stateOf,
    // Of an annotated tag the event names the tag's own object.
    lineage: async (commit, after) =>
      refParts(ref).kind === 'tag' ? 'diverged' : ports.source.lineage(config.repository, commit, after),
  });
  const isConfigured = Object.hasOwn(config.stages, stage);
  let isRemoval = false;
  const result = await startRelease<Instead>(ports, {
    config,
    stage,
    force: false,
    trigger: { id: `${cause.id}/${stage}`, by: cause.by, type },
    async subject() {
      const [{ seen: found, isOld }, known] = await Promise.all([
        lookAgain(),
        isConfigured ? undefined : ports.stages.find({ app: config.app, stage }),
      ]);
      const replaced = await looking.judge('head' in found ? found.head.commit : undefined);
      if (replaced !== undefined) return { instead: { ignored: { code: 'repository-replaced', message: replaced } } };
      if (isOld) return notThereYet(ports, looking);
      isRemoval = !('head' in found);
      if (!('head' in found)) return whenGone(ports, looking, { ...found, known });
      const { head, branch, tag, made } = found;
      const { commit, object = commit } = head;
      const ignored =
        whyNot(config, found, known) ??
        (tag === undefined ? undefined : await judgeTag(ports, { config, stage, tag, commit }));
      if (!ignored) return { commit, branch, tag, made, move: { ref, head: object, once: true } };
      const hidden =
        ignored.code === 'skip-marked' && tag === undefined
          ? await findUnmarked(ports, { config, stage, ref, head: commit, hint })
          : undefined;
      if (hidden !== undefined) return { commit: hidden, branch, made, move: { ref, head: object, once: false } };
      // What is marked or old is done with; a name that is taken today may be free tomorrow.
      return {
        // The commit of a tag has the status of its branch.
        instead: { ignored, ...(tag === undefined && { commit }) },
        ...(ignored.code !== 'stage-name-taken' && { settle: { ref, head: object } }),
      };
    },
  });
  if ('releaseId' in result) return isRemoval ? { stage, removing: result } : { stage, started: result };
  const { ignored, commit } = result;
  if (ignored) return { stage, ...(await ignore(ports, { ...looking, commit }, ignored)) };
  return { stage, ignored: `there is no stage "${stage}" to remove` };
}

/** What to do if nothing is released. */
interface Instead {
  /** The head of which nothing is released, if there is one. */
  readonly commit?: string;
  readonly ignored?: IgnoredReason;
}

const stateOf = (look: Look): SeenState => {
  if (!('head' in look)) return look.at ?? 'gone';
  const { commit, object = commit } = look.head;
  return { commit, object };
};

/** Leaves a state that the host does not show to reconciliation, which is made sure to find it. */
async function notThereYet({ releases }: Pick<ReleaseRefPorts, 'releases'>, looking: Looking) {
  const { config, stage, ref, hint, name } = looking;
  const message =
    `the repository's host does not show yet what an event tells of "${name}"; it is released as soon as reconciliation ` +
    'finds it, within 15 minutes';
  const ignored = { code: 'not-there-yet', message } as const;
  const isKnown = (await releases.refs(config.app)).some((state) => state.stage === stage && state.ref === ref);
  // What has a state is compared with that; what has none would be taken for old.
  return { instead: { ignored }, ...(!isKnown && { settle: { ref, head: hint?.before } }) };
}

/** What is gone takes the stage with it that was made of it. */
async function whenGone(
  ports: ReleaseRefPorts,
  { config, stage, ref }: Looking,
  { gone, ignored, at, known }: Exclude<Look, { readonly head: Head }> & { readonly known?: MadeStage },
) {
  if (known && gone !== undefined && gone !== 'tag') {
    const removal = { emptyBuckets: mayEmptyBuckets(config, known), because: gone };
    const subject = await removalOf(ports, { config, stage, made: known, removal });
    if (subject) return { ...subject, as: 'remove' as const, move: { ref, once: true } };
  }
  const commit = at === 'gone' ? undefined : at?.commit;
  return { instead: { ignored, commit }, ...(gone !== undefined && { settle: { ref } }) };
}

function whyNot(
  { skipMarks }: AppConfig,
  { head, tag, made }: Extract<Look, { readonly head: Head }>,
  known: MadeStage | undefined,
): IgnoredReason | undefined {
  // Whoever tags a commit that a bot has marked wants it released.
  const mark = tag === undefined || skipMarks?.tags ? skipMarkOf(head.message) : undefined;
  if (mark !== undefined) return { code: 'skip-marked', message: `the message of commit ${head.commit} has ${mark}` };
  if (!made || !known || isSameOrigin(made.origin, known.origin)) return undefined;
  const message = `stage "${known.stage}" already belongs to branch "${known.origin.branch}"; rename the new branch`;
  return { code: 'stage-name-taken', message };
}

async function ignore(
  ports: Pick<ReleaseRefPorts, 'releases' | 'events' | 'log'>,
  about: Pick<Looking, 'config' | 'name' | 'cause'> & Pick<Instead, 'commit'>,
  reason: IgnoredReason,
): Promise<{ readonly ignored: string }> {
  const { name, cause, commit } = about;
  const { app, repository } = about.config;
  const { id, at } = cause;
  await ports.releases.recordIgnored({ app, repository, branch: name, at, eventId: id, reason });
  if (commit !== undefined && repository.provider === 'github') {
    try {
      await ports.events.publishIgnored({ app, repository, commit, reason: reason.message });
    } catch (error) {
      ports.log.warn('that a push is ignored could not be published', { app, name, error });
    }
  }
  return { ignored: reason.message };
}

/** @returns what a host tells of a repository that has the name of the app's, and another id */
export const ignoreReplaced = async (
  ports: Pick<ReleaseRefPorts, 'releases' | 'events' | 'log'>,
  about: Pick<Looking, 'config' | 'name' | 'cause'>,
  message: string,
): Promise<Outcome> => ignore(ports, about, { code: 'repository-replaced', message });

/** Stores that something happened in a repository that no app is connected to. */
export async function ignoreUnconnected(
  { releases }: Pick<ReleaseRefPorts, 'releases'>,
  { repository, name, cause }: { readonly repository: Repository; readonly name: string; readonly cause: Cause },
): Promise<Outcome> {
  const message = `no app is connected to repository "${repository.name}"`;
  const reason = { code: 'repository-not-connected', message } as const;
  await releases.recordIgnored({ repository, branch: name, at: cause.at, eventId: cause.id, reason });
  return { ignored: message };
}
