import type { CommitStatus, DeploymentStatus, NewDeployment, RepositoryNotices } from '../ports/repository-notices';

interface Deployment extends NewDeployment {
  readonly id: number;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

interface Comment {
  readonly id: number;
  readonly pullRequest: number;
  body: string;
}

/** In-memory twin of the port RepositoryNotices, for one repository: keeps what was written, and every call. */
export interface MemoryRepositoryNotices extends RepositoryNotices {
  /** Oldest first. */
  readonly statuses: readonly CommitStatus[];
  readonly deployments: readonly Deployment[];
  readonly comments: Comment[];
  /** Methods, in the order of their calls. */
  readonly calls: string[];
}

export function memoryRepositoryNotices(): MemoryRepositoryNotices {
  const statuses: CommitStatus[] = [];
  const deployments: Deployment[] = [];
  const comments: Comment[] = [];
  const calls: string[] = [];
  let last = 0;
  const nextId = (): number => {
    last += 1;
    return last;
  };
  return {
    statuses,
    deployments,
    comments,
    calls,
    async setCommitStatus(_, status) {
      calls.push('setCommitStatus');
      statuses.push(status);
    },
    async createDeployment(_, deployment) {
      calls.push('createDeployment');
      const id = nextId();
      deployments.push({ ...deployment, id, statuses: [] });
      return id;
    },
    async findDeployment(_, { commit, environment, release }) {
      calls.push('findDeployment');
      return deployments.find(
        (one) => one.commit === commit && one.environment === environment && one.release === release,
      )?.id;
    },
    async setDeploymentStatus(_, id, status) {
      calls.push('setDeploymentStatus');
      deployments.find((one) => one.id === id)?.statuses.push(status);
    },
    async endEnvironment(_, environment) {
      calls.push('endEnvironment');
      for (const one of deployments.filter((deployment) => deployment.environment === environment)) {
        one.statuses.push({ state: 'inactive', description: 'the stage is removed' });
      }
    },
    async changeComment(_, id, body) {
      calls.push('changeComment');
      const found = comments.find((one) => one.id === id);
      if (found) found.body = body;
      return found !== undefined;
    },
    async findComment(_, pullRequest, marker) {
      calls.push('findComment');
      return comments.find((one) => one.pullRequest === pullRequest && one.body.startsWith(marker))?.id;
    },
    async addComment(_, pullRequest, body) {
      calls.push('addComment');
      const id = nextId();
      comments.push({ id, pullRequest, body });
      return id;
    },
  };
}
