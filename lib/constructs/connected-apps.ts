import type { Stack } from 'aws-cdk-lib';
import type { AppConfig } from '../core/contracts/app-config';
import { removalRoleOf, type Target } from '../core/contracts/release';

/** What the connected apps, taken together, ask of the platform. */
export class ConnectedApps {
  constructor(
    readonly all: readonly AppConfig[],
    private readonly stack: Stack,
  ) {}

  /** Whether any repository is at GitHub. */
  get useGitHub(): boolean {
    return this.all.some(({ repository }) => repository.provider === 'github');
  }

  /** ARNs of the repositories that are at CodeCommit. */
  get codeCommitRepositories(): readonly string[] {
    return this.all
      .filter(({ repository }) => repository.provider === 'codecommit')
      .map(({ repository }) => this.stack.formatArn({ service: 'codecommit', resource: repository.name }));
  }

  /** ARNs of the roles that workers deploy with. */
  get deployRoles(): readonly string[] {
    return sorted(this.targets.map(({ deployRoleArn }) => deployRoleArn));
  }

  /**
   * ARNs of the roles that read bundles: Lambda reads code with the rights of whoever calls it, which in a stack
   * operation is the role that CloudFormation was given (https://github.com/aws/aws-cdk/issues/3765).
   */
  get bundleReaders(): readonly string[] {
    return sorted(this.targets.flatMap(({ deployRoleArn, executionRoleArn }) => [deployRoleArn, executionRoleArn]));
  }

  /** ARNs of the roles that buckets are emptied with. */
  get removalRoles(): readonly string[] {
    return sorted(this.targets.map(removalRoleOf));
  }

  private get targets(): readonly Target[] {
    return this.all.flatMap(({ stages }) => Object.values(stages).map(({ target }) => target));
  }
}

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
