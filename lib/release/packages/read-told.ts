import * as z from 'zod';
import { toldKey } from '../../core/contracts/keys';
import type { ServiceReleaseInput } from '../../core/contracts/payloads';
import type { Artifacts } from '../../ports/artifacts';

/** @returns what a person should know of a service's stack update, left by the worker that began it; mostly nothing. */
export const readTold = async (
  artifacts: Pick<Artifacts, 'readJson'>,
  { release, service }: Pick<ServiceReleaseInput, 'release' | 'service'>,
): Promise<readonly string[]> =>
  (await artifacts.readJson(toldKey(release, service.path, release.id), z.array(z.string()))) ?? [];
