import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { StartReleaseOutput } from '../../lib/core/contracts/payloads';
import type { Removal, Repository, Trigger } from '../../lib/core/contracts/release';
import {
  type IgnoredReason,
  type MappedStage,
  pullRequestsOff,
  stageOfPullRequest,
  stagesOfBranch,
  stagesOfTag,
} from '../../lib/core/trigger/map-ref';
import { skipMarkOf } from '../../lib/core/trigger/skip-marks';
import { pullRequestStageName } from '../../lib/core/trigger/stage-name';
import { isSameOrigin, mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import type { Head, Source } from '../../lib/ports/source';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { removeStage } from '../../lib/release/queue/remove-stage';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';

export interface ReleaseRefPorts extends StartReleasePorts {
  readonly source: Source;
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
}

/**
 * Releases the head of a branch to each stage that deploys it; if the branch is gone, removes the stage of its own.
 * @param asked `to`: only these stages
 */
export async function releaseBranch(
  ports: ReleaseRefPorts,
  asked: Asked & { readonly branch: string; readonly to?: readonly string[] },
): Promise<readonly Outcome[]> {
  const { config, branch, to } = asked;
  const mapping = stagesOfBranch(config, branch);
  if ('ignored' in mapping) return [await ignore(ports, { ...asked, name: branch }, mapping.ignored)];
  const release = async ({ stage, made }: MappedStage): Promise<Outcome> =>
    releaseTo(ports, {
      ...asked,
      stage,
      name: branch,
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

/** Releases what a tag points at to each stage that deploys it. Deleting a tag removes nothing. */
export async function releaseTag(
  ports: ReleaseRefPorts,
  asked: Asked & { readonly tag: string },
): Promise<readonly Outcome[]> {
  const { config, tag } = asked;
  const mapping = stagesOfTag(config, tag);
  if ('ignored' in mapping) return [await ignore(ports, { ...asked, name: tag }, mapping.ignored)];
  const release = async ({ stage }: MappedStage): Promise<Outcome> =>
    releaseTo(ports, {
      ...asked,
      stage,
      name: tag,
      type: 'push',
      async look() {
        const head = await ports.source.head(config.repository, { tag });
        if (head) return { head, tag };
        return { ignored: { code: 'tag-deleted', message: `tag "${tag}" no longer exists` } };
      },
    });
  return allOrFirstError(mapping.stages.map(release));
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
    return [await ignore(ports, { ...asked, name }, pullRequestsOff(config))];
  }
  const outcome = await releaseTo(ports, {
    ...asked,
    stage,
    name,
    type: 'pull-request',
    async look() {
      const request = await ports.source.pullRequest(config.repository, number);
      if (!request || request.state === 'closed') return { gone: 'pull-request-closed' };
      const mapping = stageOfPullRequest(config, request);
      if ('stages' in mapping) return { ...request, made: mapping.stages[0]?.made };
      const isElsewhere = mapping.ignored.code === 'pull-request-to-other-branch';
      return { ...(isElsewhere && { gone: 'pull-request-retargeted' as const }), ignored: mapping.ignored };
    },
  });
  return [outcome];
}

/** What the repository says at the moment when a release is about to be accepted. */
type Look =
  | { readonly head: Head; readonly branch?: string; readonly tag?: string; readonly made?: MappedStage['made'] }
  | {
      /** Why the stage goes, if it is a made one. */
      readonly gone?: Removal['because'];
      /** Why nothing is released, if that is worth storing. */
      readonly ignored?: IgnoredReason;
    };

interface Looking extends Asked {
  readonly stage: string;
  /** Branch, tag, or `#12` of a pull request. */
  readonly name: string;
  readonly type: Trigger['type'];
  readonly look: () => Promise<Look>;
}

async function releaseTo(ports: ReleaseRefPorts, looking: Looking): Promise<Outcome> {
  const { config, stage, cause, type, look } = looking;
  const isConfigured = Object.hasOwn(config.stages, stage);
  const trigger = { id: `${cause.id}/${stage}`, by: cause.by };
  const result = await startRelease<Instead>(ports, {
    config,
    stage,
    force: false,
    trigger: { ...trigger, type },
    async subject() {
      const [found, known] = await Promise.all([
        look(),
        isConfigured ? undefined : ports.stages.find({ app: config.app, stage }),
      ]);
      if (!('head' in found)) return { instead: { ...found, ...(found.gone && { known }) } };
      const { head, branch, tag, made } = found;
      const ignored = whyNot(head, made, known);
      return ignored ? { instead: { ignored } } : { commit: head.commit, branch, tag, made };
    },
  });
  if ('releaseId' in result) return { stage, started: result };
  if (result.known) {
    const removal = { emptyBuckets: mayEmptyBuckets(config, result.known), because: result.gone };
    const removing = await removeStage(ports, { config, stage, made: result.known, removal, trigger });
    if (removing) return { stage, removing };
  }
  if (result.ignored) return { stage, ...(await ignore(ports, looking, result.ignored)) };
  return { stage, ignored: `there is no stage "${stage}" to remove` };
}

/** What to do if nothing is released. */
interface Instead {
  readonly gone?: Removal['because'];
  readonly ignored?: IgnoredReason;
  /** The made stage that is to go. */
  readonly known?: MadeStage;
}

function whyNot(head: Head, made: MappedStage['made'], known: MadeStage | undefined): IgnoredReason | undefined {
  const mark = skipMarkOf(head.message);
  if (mark !== undefined) return { code: 'skip-marked', message: `the message of commit ${head.commit} has ${mark}` };
  if (!made || !known || isSameOrigin(made.origin, known.origin)) return undefined;
  const message = `stage "${known.stage}" already belongs to branch "${known.origin.branch}"; rename the new branch`;
  return { code: 'stage-name-taken', message };
}

async function ignore(
  { releases }: Pick<ReleaseRefPorts, 'releases'>,
  { config: { app, repository }, name, cause: { id, at } }: Pick<Looking, 'config' | 'name' | 'cause'>,
  reason: IgnoredReason,
): Promise<{ readonly ignored: string }> {
  await releases.recordIgnored({ app, repository, branch: name, at, eventId: id, reason });
  return { ignored: reason.message };
}

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
