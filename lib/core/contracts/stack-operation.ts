import type { StackOperation } from './payloads';
import type { Release } from './release';

/** @returns the ClientRequestToken of what a release does with a stack; the events of the operation carry it. */
export const operationToken = ({ id }: Pick<Release, 'id'>, kind: StackOperation['kind']): string => `${id}-${kind}`;
