import type { StackOperation } from './payloads';
import type { Release } from './release';

/** One event of a CloudFormation stack. */
export interface StackEvent {
  readonly id: string;
  /** ISO time. */
  readonly time: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** Whether it tells of the stack itself, not of a resource. */
  readonly ofStack: boolean;
}

/** @returns the ClientRequestToken of what a release does with a stack; the events of the operation carry it. */
export const operationToken = ({ id }: Pick<Release, 'id'>, kind: StackOperation['kind']): string => `${id}-${kind}`;
