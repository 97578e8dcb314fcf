import { createHash } from 'node:crypto';
import { LIMITS } from './limits';
import type { Release, ServicePath } from './release';
import { ROOT } from './service-path';

const LONGEST = LIMITS.executionName.most;
/** Of all characters that Step Functions takes, only these are safe in ARNs and URLs of its console. */
const SAFE_PATH = /^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)*$/;
const COMMIT = 7;
const HASH = 10;
/** The characters that a service's path always has, however long app and stage are. */
const PATH_AT_LEAST = 20;

type Named = Pick<Release, 'id' | 'app' | 'stage' | 'commit'>;

/** @returns the name of a release's execution: `shop-dev-1a2b3c4-<release id>`; long names are cut, the id never. */
export function releaseExecutionName(release: Named): string {
  const [app, stage] = cutToFit([release.app, release.stage], LONGEST - tail(release).length - 1);
  return `${app}-${stage}${tail(release)}`;
}

/**
 * @returns the name of the execution for one service of a release: `shop-dev-orders_api-1a2b3c4-<release id>`. `/` is
 *   written `_` and the root `_`; a path that is too long or has other characters ends in a hash of its own.
 */
export function serviceExecutionName(release: Named, path: ServicePath): string {
  const room = LONGEST - tail(release).length - 2;
  const [app, stage] = cutToFit([release.app, release.stage], room - Math.min(pathSlug(path).length, PATH_AT_LEAST));
  const slug = pathSlug(path, room - app.length - stage.length);
  return `${app}-${stage}-${slug}${tail(release)}`;
}

const tail = (release: Named): string => `-${release.commit.slice(0, COMMIT)}-${release.id}`;

/** Different paths have different slugs: one that loses anything carries `__` and a hash, which no other does. */
function pathSlug(path: ServicePath, longest = Number.POSITIVE_INFINITY): string {
  if (path === ROOT) return '_';
  const slug = path.replaceAll('/', '_');
  if (SAFE_PATH.test(path) && slug.length <= longest) return slug;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, HASH);
  const readable = slug.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, longest - HASH - 2);
  return `${readable}__${hash}`;
}

/** Shortens the longer of two texts until both together have at most `longest` characters. */
function cutToFit([a, b]: readonly [string, string], longest: number): readonly [string, string] {
  if (a.length + b.length <= longest) return [a, b];
  const half = Math.floor(longest / 2);
  if (a.length <= half) return [a, b.slice(0, longest - a.length)];
  if (b.length <= half) return [a.slice(0, longest - b.length), b];
  return [a.slice(0, longest - half), b.slice(0, half)];
}
