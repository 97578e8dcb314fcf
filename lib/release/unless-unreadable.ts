import { ReleaseError } from '../core/contracts/errors';

/** @returns what the work yields, or the reason why what it needs cannot be read by this version of Seedbed */
export async function unlessUnreadable<T>(work: Promise<T>): Promise<T | { readonly unreadable: string }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'StateUnreadable') return { unreadable: error.message };
    throw error;
  }
}
