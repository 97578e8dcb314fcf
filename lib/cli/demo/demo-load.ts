import type { ServicePath } from '../../core/contracts/release';
import type { LoadAnswer } from '../../local/load';

/**
 * Requests to an API of the shop, a steady number a second, from the build of its service to the end of the release.
 */
export interface DemoLoad {
  readonly service: ServicePath;
  /** Path below the stage of the service's API. */
  readonly path: string;
  /** Logical id of the function that answers. */
  readonly logicalId: string;
  /** What stands in every answer of the version that served before, and in none of the new one's. */
  readonly oldText: string;
  /** The same for the new version. */
  readonly newText: string;
  /** Which version must serve in the end. Failed requests are allowed only if that is the old one. */
  readonly ends: 'new' | 'old';
}

/** Whose answer a request got: of the old version, of the new one, or of one that threw. */
export type DemoAnswerer = 'old' | 'new' | 'threw';

/** What API Gateway answers for a function that throws. */
const THREW = 502;

/** @returns whose answer it is; undefined if no version of the shop answers like this. */
export function answererOf({ oldText, newText }: DemoLoad, { status, body }: LoadAnswer): DemoAnswerer | undefined {
  if (status === THREW) return 'threw';
  const [isOld, isNew] = [body.includes(oldText), body.includes(newText)];
  if (status !== 200 || isOld === isNew) return undefined;
  return isOld ? 'old' : 'new';
}
