import { OPERATIONS } from '../../core/contracts/operations';
import type { CodeStorage } from '../../core/contracts/state';
import { CODE_STORAGE_ALARM, percentUsed } from '../../core/record/code-storage';
import { describeAgo } from './describe-release';

/** @returns how full a target's code storage was when it was read, and where to read on if it fills up. */
export function describeStorage(storage: CodeStorage, now: number): string {
  const { account, region, used, limit, at } = storage;
  const percent = percentUsed(storage);
  const advice = percent >= CODE_STORAGE_ALARM ? `; see ${OPERATIONS.codeStorage}` : '';
  const share = `${gigabytes(used)} of ${gigabytes(limit)} GB (${Math.round(percent)} %)`;
  return `code storage of ${account}, ${region}: ${share}, ${describeAgo(at, now)}${advice}`;
}

const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
