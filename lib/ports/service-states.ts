import type { ReleaseId, ReleaseKey, StageKey } from '../core/contracts/release';
import type { DeployedThen, Hold, ServiceRecord, ServiceState } from '../core/contracts/state';

/** What a release changes in a service's state; what is left out stays as it was. */
export type ServiceChange = Pick<ServiceState, 'status'> &
  Partial<
    Pick<
      ServiceState,
      | 'commit'
      | 'deployedPackage'
      | 'stackName'
      | 'architecture'
      | 'outsideFiles'
      | 'outsideUnseen'
      | 'phase'
      | 'environment'
      | 'outputs'
      | 'held'
    >
  >;

/** What is stored with a release's mark; what is left out stays as it was. */
export type ServiceMark = Partial<Pick<ServiceState, 'stackName' | 'found' | 'phase' | 'decidedOn'>>;

/**
 * What is deployed of each service in each stage, and what each release did with it. Writes are fenced: they throw
 * ReleaseSuperseded once a newer release has written the service's state, or the release has been closed there.
 */
export interface ServiceStates {
  /** @returns the states of all services that a release ever touched in the stage. */
  list(stage: StageKey): Promise<readonly ServiceState[]>;
  find(stage: StageKey, path: string): Promise<ServiceState | undefined>;
  /** Marks a service as `deploying`, before anything of it is touched: if the release dies, its successor knows. */
  beginService(release: ReleaseKey, path: string, mark?: ServiceMark): Promise<void>;
  /**
   * Writes the state that a release leaves the service in, together with the record of what it did. A change with a
   * commit and a deployed package is stored for `deployedAt` too.
   */
  endService(release: ReleaseKey, change: ServiceChange, record: ServiceRecord): Promise<void>;
  /**
   * As `endService` with a failure, for a release that ended while it was at work on the service and was undone: from
   * then on it writes nothing of the service any more, however late its workers are. May be called twice.
   */
  closeService(release: ReleaseKey, record: ServiceRecord): Promise<void>;
  /**
   * @returns what was deployed of a service when `releaseId` had ended, by that release or one before it; undefined if
   * nothing was
   */
  deployedAt(stage: StageKey, path: string, releaseId: ReleaseId): Promise<DeployedThen | undefined>;
  /** @returns what was left deployed of a service by its last deployments, newest first, at most `count`. */
  lastDeployed(stage: StageKey, path: string, count: number): Promise<readonly DeployedThen[]>;
  /** Forgets a service that was removed, and keeps the record of its removal. May be called twice. */
  forgetService(release: ReleaseKey, record: ServiceRecord): Promise<void>;
  /** Holds a service, whatever held it before. @returns whether the stage has it */
  hold(stage: StageKey, path: string, hold: Hold): Promise<boolean>;
  /** Ends this hold of a service, and no later one. May be called twice. */
  endHold(stage: StageKey, path: string, hold: Hold): Promise<void>;
  /** @returns what a release did, by service. */
  records(release: ReleaseKey): Promise<readonly ServiceRecord[]>;
}
