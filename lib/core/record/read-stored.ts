import type * as z from 'zod';
import { ReleaseId } from '../contracts/release';
import { type ServiceRecord, ServiceState } from '../contracts/state';

/** Older than every release. */
const BEFORE_ALL = '0'.repeat(26);

const STATE_PARTS = ServiceState.pick({
  commit: true,
  deployedPackage: true,
  stackName: true,
  architecture: true,
  phase: true,
  environment: true,
  outputs: true,
}).shape;

/**
 * What stands for the state of a service that this version of Seedbed does not understand. It counts as failed, so that
 * its next release is full, and keeps of it what is understood: where its stack is, what others are told of it.
 *
 * @param item of the state table
 * @param why it cannot be read
 */
export function unreadableState(path: string, item: Readonly<Record<string, unknown>>, why: string): ServiceState {
  const parts = Object.entries(STATE_PARTS).flatMap(([key, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(item[key]);
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data] as const] : [];
  });
  const id = ReleaseId.safeParse(item.releaseId);
  return {
    ...(Object.fromEntries(parts) as Pick<ServiceState, keyof typeof STATE_PARTS>),
    path,
    status: 'failed',
    releaseId: id.success ? id.data : BEFORE_ALL,
    unreadable: why,
  };
}

/** What stands for the record of a service that this version of Seedbed does not understand. */
export const unreadableRecord = (path: string, why: string): ServiceRecord => ({
  path,
  status: 'failed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  error: { code: 'StateUnreadable', message: why },
});
