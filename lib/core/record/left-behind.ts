import type { ServiceRecord } from '../contracts/state';
import { nameSome } from '../text/name-some';

/** What a release that was stopped left of its services; each list holds their paths. */
export const LEFT_BEHIND = {
  stays: 'already deployed, stays',
  removed: 'removed already',
  failed: 'failed before',
  'put-back': 'put back',
  'stack-stays': 'its functions serve the same code as before, its stack stays updated',
  'stack-rolls-back': 'its stack is still rolling back; the next release waits for it',
  'stack-busy': 'its stack is still being changed and goes on; the next release waits for it',
  'not-put-back': 'could not be put back; the next release deploys it in full',
  'half-removed': 'its removal had begun; remove the stage again',
  'not-begun': 'not begun',
} as const;
export type LeftBehind = keyof typeof LEFT_BEHIND;

/** One service of a release that was stopped. */
export interface ServiceLeft {
  readonly path: string;
  readonly left: LeftBehind;
}

/** @returns what a release left of a service that it had finished; undefined if it had not changed it. */
export const leftOfRecord = ({ path, status }: Pick<ServiceRecord, 'path' | 'status'>): readonly ServiceLeft[] => {
  if (status === 'skipped') return [];
  return [{ path, left: status === 'deployed' ? 'stays' : status }];
};

/** @returns the state of all services in words: `put back: orders; not begun: web, docs`. */
export function describeLeft(services: readonly ServiceLeft[]): string {
  const kinds = Object.keys(LEFT_BEHIND) as LeftBehind[];
  const told = kinds.flatMap((kind) => {
    const paths = services.filter(({ left }) => left === kind).map(({ path }) => `"${path}"`);
    return paths.length > 0 ? [`${LEFT_BEHIND[kind]}: ${nameSome(paths)}`] : [];
  });
  return told.length > 0 ? told.join('; ') : 'nothing was begun';
}
