import picomatch from 'picomatch';
import type { AppConfig } from '../contracts/app-config';
import type { StageOrigin } from '../contracts/made-stage';
import type { IgnoredPush } from '../contracts/state';
import { branchStageName, pullRequestStageName } from './stage-name';

/** A stage that a push or a pull request deploys to. */
export interface MappedStage {
  readonly stage: string;
  /** Set if the stage is made by a rule. */
  readonly made?: {
    /** The configured stage whose settings it has. */
    readonly template: string;
    readonly origin: StageOrigin;
    /** Whether its buckets are emptied when it is removed. */
    readonly emptyBuckets: boolean;
  };
}

/** Why nothing is released. */
export type IgnoredReason = IgnoredPush['reason'];

export type Mapping = { readonly stages: readonly MappedStage[] } | { readonly ignored: IgnoredReason };

/**
 * @param pattern a name or a glob: `*` stands for anything but `/`, `**` for anything
 * @param name of a branch or tag, without `refs/heads/` or `refs/tags/`
 */
export const matchesRef = (pattern: string, name: string): boolean => pattern === name || matcherOf(pattern)(name);

/** Parsing a glob takes far longer than matching a name, and a repository may have thousands of branches. */
const matchers = new Map<string, (name: string) => boolean>();

function matcherOf(pattern: string): (name: string) => boolean {
  const matcher = matchers.get(pattern) ?? picomatch(pattern, { dot: true });
  matchers.set(pattern, matcher);
  return matcher;
}

/** @returns whether a pattern is the name of one branch or tag. */
export function isLiteralRef(pattern: string): boolean {
  // To picomatch `!main` is not a glob, and yet it stands for everything but main.
  const { isGlob, negated } = picomatch.scan(pattern);
  return !isGlob && !negated;
}

const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => matchesRef(pattern, name));

/**
 * @returns the configured stages that deploy `branch`, sorted; if there is none the branch's own, by the first rule
 *   that matches; or why the push is ignored
 */
export function stagesOfBranch(config: AppConfig, branch: string): Mapping {
  const configured = configuredStages(config, 'branches', branch);
  if (configured.length > 0) return { stages: configured };
  const rule = config.branchStages.find(({ branches }) => matchesAny(branches, branch));
  if (!rule) return { ignored: { code: 'branch-without-stage', message: noStage(config, 'branches', branch) } };
  const { template, emptyBuckets } = rule;
  const stage = branchStageName(branch, Object.keys(config.stages));
  return { stages: [{ stage, made: { template, origin: { kind: 'branch', branch }, emptyBuckets } }] };
}

/** @returns the stages that deploy `tag`, sorted, or why the push is ignored. */
export function stagesOfTag(config: AppConfig, tag: string): Mapping {
  const stages = configuredStages(config, 'tags', tag);
  if (stages.length > 0) return { stages };
  return { ignored: { code: 'tag-without-stage', message: noStage(config, 'tags', tag) } };
}

/** A pull request, as far as it matters for its stage. */
export interface MappedPullRequest {
  readonly number: number;
  /** Base branch. */
  readonly into: string;
  readonly branch: string;
  /** Whether its commits are of another repository. */
  readonly isFork: boolean;
}

/** @returns the stage of an open pull request, or why it has none. */
export function stageOfPullRequest(config: AppConfig, request: MappedPullRequest): Mapping {
  const { number, into, branch, isFork } = request;
  const ignored = (code: IgnoredReason['code'], message: string): Mapping => ({ ignored: { code, message } });
  const rule = config.pullRequests;
  if (!rule) return { ignored: pullRequestsOff(config) };
  if (isFork) {
    return ignored('pull-request-of-fork', `pull request #${number} comes from a fork; code from a fork is never run`);
  }
  if (!matchesAny(rule.into, into)) {
    const bases = rule.into.join(', ');
    const message =
      `pull request #${number} targets "${into}"; ` + `app "${config.app}" has stages for pull requests to ${bases}`;
    return ignored('pull-request-to-other-branch', message);
  }
  const origin = { kind: 'pull-request', number, branch } as const;
  const { template, emptyBuckets } = rule;
  return { stages: [{ stage: pullRequestStageName(number), made: { template, origin, emptyBuckets } }] };
}

/** @returns whether pull requests have stages, but not those to the base branch that this one has now */
export function isRetargeted(config: AppConfig, request: MappedPullRequest): boolean {
  const mapping = stageOfPullRequest(config, request);
  return 'ignored' in mapping && mapping.ignored.code === 'pull-request-to-other-branch';
}

export const pullRequestsOff = ({ app }: AppConfig): IgnoredReason => ({
  code: 'pull-requests-off',
  message: `app "${app}" has no "pullRequests" in seedbed.yml`,
});

/** @returns what the tags begin with that stages deploy: no others need to be looked at */
export function tagPrefixes({ stages }: Pick<AppConfig, 'stages'>): readonly string[] {
  const all = Object.values(stages).flatMap(({ tags }) =>
    tags.map((pattern) => (isLiteralRef(pattern) ? pattern : /^[\w./-]*/.exec(pattern)![0])),
  );
  const unique = [...new Set(all)].sort();
  return unique.filter((prefix) => !unique.some((other) => other !== prefix && prefix.startsWith(other)));
}

const configuredStages = ({ stages }: AppConfig, key: 'branches' | 'tags', name: string): readonly MappedStage[] =>
  Object.entries(stages)
    .filter(([, rules]) => matchesAny(rules[key], name))
    .map(([stage]) => ({ stage }))
    .sort((a, b) => (a.stage < b.stage ? -1 : 1));

function noStage({ app, stages }: AppConfig, key: 'branches' | 'tags', name: string): string {
  const rules = Object.entries(stages).map(([stage, { [key]: patterns }]) => `${stage} (${patterns.join(', ')})`);
  const has = rules.length === 0 ? 'it has no stages' : `its stages are ${rules.join(', ')}`;
  return `no stage of app "${app}" deploys ${key === 'tags' ? 'tag' : 'branch'} "${name}"; ${has}`;
}
