import type { CodeStorage } from '../contracts/state';

/** Metric: the share of an account's code storage that is used, in percent. */
export const CODE_STORAGE_USED = 'CodeStorageUsed';
/** In percent: from here on there is an alarm. At the whole of it Lambda takes no more code. */
export const CODE_STORAGE_ALARM = 80;

/** @returns how full a target's code storage is, in percent. */
export const percentUsed = ({ used, limit }: Pick<CodeStorage, 'used' | 'limit'>): number =>
  limit === 0 ? 0 : (used / limit) * 100;

/** @returns the metric of a reading. */
export const codeStorageMetrics = (storage: Pick<CodeStorage, 'account' | 'used' | 'limit'>) => ({
  dimensions: { account: storage.account },
  values: { [CODE_STORAGE_USED]: { value: percentUsed(storage), unit: 'Percent' as const } },
});
