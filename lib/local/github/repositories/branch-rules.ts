import picomatch from 'picomatch';
import type { Repository } from './repositories';

/** One rule of a ruleset, such as `{ type: 'required_deployments', parameters: {…} }`. */
interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Rules for the branches that its patterns name. */
export interface Ruleset {
  readonly id: number;
  readonly repositoryId: number;
  readonly name: string;
  /** Full names as patterns, `~DEFAULT_BRANCH` or `~ALL`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly Rule[];
}

/** What protects branches. It is kept and shown, but not enforced. */
export class BranchRules {
  readonly #protections = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #rulesets: Ruleset[] = [];

  /** @param settings as they were sent */
  protect(repository: Repository, branch: string, settings: Readonly<Record<string, unknown>>): void {
    this.#protections.set(`${repository.id} ${branch}`, settings);
  }

  protection(repository: Repository, branch: string): Readonly<Record<string, unknown>> | undefined {
    return this.#protections.get(`${repository.id} ${branch}`);
  }

  add(ruleset: Omit<Ruleset, 'id'>): Ruleset {
    const added = { id: this.#rulesets.length + 1, ...ruleset };
    this.#rulesets.push(added);
    return added;
  }

  /** @returns the rulesets that apply to a branch. */
  of(repository: Repository, branch: string): readonly Ruleset[] {
    const names = (patterns: readonly string[]) => patterns.some((pattern) => isNamed(repository, branch, pattern));
    return this.#rulesets.filter(
      ({ repositoryId, include, exclude }) => repositoryId === repository.id && names(include) && !names(exclude),
    );
  }

  isProtected(repository: Repository, branch: string): boolean {
    return this.protection(repository, branch) !== undefined || this.of(repository, branch).length > 0;
  }
}

function isNamed({ defaultBranch }: Repository, branch: string, pattern: string): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === defaultBranch;
  return picomatch.isMatch(`refs/heads/${branch}`, pattern);
}
