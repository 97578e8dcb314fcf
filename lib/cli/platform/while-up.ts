import { ReleaseError } from '../../core/contracts/errors';
import { type Instance, nameOption, readInstance, requireInstance } from '../../local/instance';

/**
 * Does some work with a local cloud.
 * @param name of the local cloud
 * @param otherwise what else to do if it is not up, after how to start it
 * @returns what the work returns
 * @throws ReleaseError LocalCloudFailed if it is not up, or went down during the work; else what the work throws
 */
export async function whileUp<T>(name: string, work: (instance: Instance) => Promise<T>, otherwise = ''): Promise<T> {
  const instance = await requireInstance(name, otherwise);
  try {
    return await work(instance);
  } catch (error) {
    const now = await readInstance(name);
    if (now?.answers && now.startedAt === instance.startedAt) throw error;
    throw new ReleaseError(
      'LocalCloudFailed',
      `the local cloud "${name}" went down meanwhile: start it again with: npx seedbed local up${nameOption(name)}`,
      { cause: error },
    );
  }
}
