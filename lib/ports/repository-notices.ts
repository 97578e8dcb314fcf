import type { Repository } from '../core/contracts/release';
import type { CommitState, DeploymentState } from '../core/notices/host-states';

export interface CommitStatus {
  readonly commit: string;
  /** What the status is about; the newest of each counts. */
  readonly context: string;
  readonly state: CommitState;
  /** At most 140 characters. */
  readonly description: string;
  readonly url?: string;
}

/** What GitHub calls a deployment: our release of a commit to a stage. */
export interface NewDeployment {
  readonly commit: string;
  readonly environment: string;
  /** Our release's id, by which it is found again. */
  readonly release: string;
  readonly description: string;
  /** Whether the environment will be removed some day. */
  readonly isTransient: boolean;
  readonly isProduction: boolean;
}

export interface DeploymentStatus {
  readonly state: DeploymentState;
  readonly description: string;
  /** Where to see what was deployed. */
  readonly environmentUrl?: string;
  /** Where to see how the release went. */
  readonly logUrl?: string;
}

/** The places where a repository's host shows what became of its commits. */
export interface RepositoryNotices {
  setCommitStatus(repository: Repository, status: CommitStatus): Promise<void>;
  /** @returns the deployment's id. */
  createDeployment(repository: Repository, deployment: NewDeployment): Promise<number>;
  /** @returns the id of a release's deployment, if it was made. */
  findDeployment(
    repository: Repository,
    wanted: Pick<NewDeployment, 'commit' | 'environment' | 'release'>,
  ): Promise<number | undefined>;
  setDeploymentStatus(repository: Repository, id: number, status: DeploymentStatus): Promise<void>;
  /** Marks all deployments of an environment as gone. */
  endEnvironment(repository: Repository, environment: string): Promise<void>;
  /** @returns whether there is such a comment. */
  changeComment(repository: Repository, id: number, body: string): Promise<boolean>;
  /** @returns the id of the oldest comment that begins with a marker. */
  findComment(repository: Repository, pullRequest: number, marker: string): Promise<number | undefined>;
  /** @returns the new comment's id. */
  addComment(repository: Repository, pullRequest: number, body: string): Promise<number>;
}
