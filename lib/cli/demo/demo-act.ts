import type { ErrorCode } from '../../core/contracts/errors';
import type { ServicePath } from '../../core/contracts/release';
import type { DemoEdit } from './demo-edits';
import type { DemoLoad } from './demo-load';

/** The services of `examples/shop`, by their paths. */
export const CATALOG = 'services/catalog';
export const ORDERS = 'services/orders';
export const REPORTS = 'services/orders/reports';
export const NOTIFICATIONS = 'services/notifications';

/** The branch of the shop that deploys to each of its stages. */
export const DEMO_BRANCHES = { dev: 'main', prod: 'release' } as const;
export type DemoStageName = keyof typeof DEMO_BRANCHES;

/** What to ask an API of the shop after a push, and what must stand in the answer. */
export interface DemoQuestion {
  readonly service: ServicePath;
  /** Path below the stage of the service's API. */
  readonly path: string;
  readonly expect: string;
}

/** A service that the plan picks, and what deploying it comes to; services not named are left out by the plan. */
export interface ExpectedService {
  readonly service: ServicePath;
  readonly decision: 'skip' | 'incremental' | 'full';
  /** Logical ids of the functions that an incremental deploy updates; empty for the other decisions. */
  readonly functions: readonly string[];
  /** Why it must fail, if it must. */
  readonly error?: ErrorCode;
}

export interface DemoPush {
  /** The commit's message. */
  readonly message: string;
  readonly edits: readonly DemoEdit[];
  readonly outcome: 'succeeded' | 'failed';
  readonly services: readonly ExpectedService[];
  readonly questions: readonly DemoQuestion[];
  /** Requests that go on while it is released. */
  readonly load?: DemoLoad;
}

export interface DemoAct {
  readonly name: string;
  /** One line for the person who watches. */
  readonly title: string;
  readonly stage: DemoStageName;
  readonly pushes: readonly DemoPush[];
}

export const full = (service: ServicePath): ExpectedService => ({ service, decision: 'full', functions: [] });
export const skip = (service: ServicePath): ExpectedService => ({ service, decision: 'skip', functions: [] });
export const incremental = (service: ServicePath, ...functions: string[]): ExpectedService => ({
  service,
  decision: 'incremental',
  functions,
});
