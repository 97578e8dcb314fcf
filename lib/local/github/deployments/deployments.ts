/** The states of a deployment, as GitHub has them. */
export const DEPLOYMENT_STATES = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;

/** A request to deploy a commit, which GitHub only stores and shows. */
export interface Deployment {
  readonly id: number;
  readonly repositoryId: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly login: string;
  readonly created: number;
  readonly updated: number;
}

/** A status of a deployment. */
export interface DeploymentStatus {
  readonly id: number;
  readonly deploymentId: number;
  readonly state: (typeof DEPLOYMENT_STATES)[number];
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly login: string;
  readonly created: number;
}

/** The deployments and their statuses of all repositories. */
export class Deployments {
  readonly #deployments = new Map<number, Deployment>();
  readonly #statuses: DeploymentStatus[] = [];
  #last = 0;

  constructor(private readonly now: () => number) {}

  add(deployment: Omit<Deployment, 'id' | 'created' | 'updated'>): Deployment {
    const now = this.now();
    const added = { id: this.#next(), ...deployment, created: now, updated: now };
    this.#deployments.set(added.id, added);
    return added;
  }

  /** @returns the deployment, if it is one of this repository. */
  get(repositoryId: number, id: number): Deployment | undefined {
    const deployment = this.#deployments.get(id);
    return deployment?.repositoryId === repositoryId ? deployment : undefined;
  }

  /** @returns those of a repository, newest first. */
  of(repositoryId: number): readonly Deployment[] {
    return [...this.#deployments.values()].filter((one) => one.repositoryId === repositoryId).reverse();
  }

  /** Adds a status. If it is a success, earlier successful deployments of the same environment may become inactive. */
  addStatus(
    deployment: Deployment,
    status: Omit<DeploymentStatus, 'id' | 'deploymentId' | 'created'>,
    others: 'inactivate' | 'leave',
  ): DeploymentStatus {
    const added = { id: this.#next(), deploymentId: deployment.id, ...status, created: this.now() };
    this.#statuses.push(added);
    this.#deployments.set(deployment.id, { ...deployment, updated: added.created });
    if (status.state === 'success' && others === 'inactivate') this.#inactivateBefore(deployment, status.login);
    return added;
  }

  /** @returns those of a deployment, newest first. */
  statuses({ id }: Deployment): readonly DeploymentStatus[] {
    return this.#statuses.filter(({ deploymentId }) => deploymentId === id).reverse();
  }

  /** As documented, only prior deployments that are neither transient nor in production become inactive. */
  #inactivateBefore(deployment: Deployment, login: string): void {
    for (const one of this.of(deployment.repositoryId)) {
      const isPrior = one.id < deployment.id && one.environment === deployment.environment;
      if (!isPrior || one.transient || one.production || this.statuses(one)[0]?.state !== 'success') continue;
      const status = { description: '', environment: one.environment, environmentUrl: '', logUrl: '', login };
      this.addStatus(one, { state: 'inactive', ...status }, 'leave');
    }
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }
}
