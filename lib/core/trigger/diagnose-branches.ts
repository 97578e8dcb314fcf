import type { AppConfig } from '../contracts/app-config';
import { type Finding, ok, warn } from '../contracts/diagnosis';
import { nameSome } from '../text/name-some';
import { isLiteralRef } from './map-ref';

/** A branch that something of an app's configuration names. */
export interface NamedBranch {
  readonly branch: string;
  /** Who names it: `stage "dev"`. */
  readonly by: string;
}

/** @returns the branches that are named as such, not by globs */
export function namedBranches({ stages, pullRequests }: AppConfig): readonly NamedBranch[] {
  const named = (by: string, patterns: readonly string[]) =>
    patterns.filter(isLiteralRef).map((branch) => ({ branch, by }));
  return [
    ...Object.entries(stages).flatMap(([stage, { branches }]) => named(`stage "${stage}"`, branches)),
    ...named('the rule for pull requests', pullRequests?.into ?? []),
  ];
}

/** @returns whether the branches that are named exist */
export function diagnoseBranches(config: AppConfig, branches: ReadonlySet<string>): readonly Finding[] {
  const named = namedBranches(config);
  const missing = named.filter(({ branch }) => !branches.has(branch));
  if (missing.length > 0) {
    return missing.map(({ branch, by }) =>
      warn(
        'branches',
        `${by} names branch "${branch}", which the repository does not have`,
        `push it, or correct the name in seedbed.yml; the repository has ${nameSome([...branches].sort())}`,
      ),
    );
  }
  const names = [...new Set(named.map(({ branch }) => branch))];
  return [
    ok('branches', names.length === 0 ? 'only globs are given, no branch by name' : `there are ${nameSome(names)}`),
  ];
}
