import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { EmptyBucketsInput, type EmptyBucketsOutput } from '../../lib/core/contracts/payloads';
import type { StageKey } from '../../lib/core/contracts/release';
import { type GoingBucket, goingBuckets } from '../../lib/core/removal/stack-parts';
import { nameSome } from '../../lib/core/text/name-some';
import { tellSome } from '../../lib/core/text/tell-some';
import type { Buckets, Refusal, VersionsPage, VersionsPosition } from '../../lib/ports/buckets';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { readOwnStack } from './read-own-stack';
import { readStackParts } from './read-stack-parts';
import { refuseImported } from './refuse-imported';

export interface EmptyBucketsPorts {
  readonly target: TargetPortsOf<'stacks' | 'buckets'>;
  readonly pace: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Well below the 15 minutes that Lambda gives. */
const PATIENCE = 10 * 60_000;
/** Pages whose versions are deleted side by side, in over a second: a prefix takes 3,500 deletions a second. */
const PAGES = 4;

/**
 * Empties the buckets that are deleted with a service's stack, all versions, for up to ten minutes, and goes on when it
 * is called again. If that is not allowed it only looks: a bucket with anything in it then stops the removal, while
 * everything is still there.
 *
 * @throws ReleaseError `StageRemovalIncomplete` with each bucket, how much it holds and what to do, or with the exports
 * for which CloudFormation would keep the stack
 */
export const emptyBuckets =
  ({ target, pace, log }: EmptyBucketsPorts) =>
  async (event: unknown): Promise<EmptyBucketsOutput> => {
    const input = EmptyBucketsInput.parse(event);
    const { release } = input;
    const { stacks, buckets } = target(release.target, callerOf(release));
    const isLate = lateAfter(pace, PATIENCE);
    const stack = await readOwnStack(stacks, input);
    if (!stack) return { status: 'done', deleted: input.deleted };
    const parts = await readStackParts(stacks, stack.name);
    const going = goingBuckets(parts);
    if (!release.remove?.emptyBuckets) {
      await refuseFull(buckets, going, release);
      return { status: 'done', deleted: input.deleted };
    }
    // Once more: hooks may have taken a while. What is deleted here is lost if the stack stays.
    if (going.length > 0) await refuseImported(stacks, stack, parts);

    let { deleted } = input;
    for (const { bucket } of going) {
      const emptied = await emptyBucket(buckets, bucket, isLate);
      deleted += emptied.deleted;
      if (emptied.deleted > 0) log.info('emptied a bucket', { releaseId: release.id, bucket, ...emptied });
      if (!emptied.isDone) return { status: 'running', deleted };
    }
    return { status: 'done', deleted };
  };

const lateAfter = (pace: Pick<Clock, 'now'>, patience: number): (() => boolean) => {
  const end = pace.now() + patience;
  return () => pace.now() > end;
};

async function refuseFull(buckets: Buckets, going: readonly GoingBucket[], { app, stage }: StageKey): Promise<void> {
  const found = await allOrFirstError(
    going.map(async ({ logicalId, bucket }) => {
      const page = await buckets.versions(bucket);
      const count = page?.versions.length ?? 0;
      if (count === 0) return [];
      const many = page?.next ? `more than ${count.toLocaleString('en')}` : String(count);
      return [
        `bucket "${bucket}" (${logicalId}) holds ${many} ${count === 1 ? 'object' : 'objects, all versions counted'}`,
      ];
    }),
  );
  const full = found.flat();
  if (full.length === 0) return;
  throw new ReleaseError(
    'StageRemovalIncomplete',
    `${tellSome(full)}; nothing was deleted: empty what you do not need, or allow it: "seedbed stage rm ${stage} ` +
      `--app ${app} --empty-buckets"`,
  );
}

interface Emptied {
  /** Versions that were deleted. */
  readonly deleted: number;
  /** Whether all of it was emptied; what is put there meanwhile is left to the next attempt. */
  readonly isDone: boolean;
}

async function emptyBucket(buckets: Buckets, bucket: string, isLate: () => boolean): Promise<Emptied> {
  await buckets.abortUploads(bucket);
  let deleted = 0;
  let after: VersionsPosition | undefined;
  do {
    const pages = await readPages(buckets, bucket, after);
    const refused = await allOrFirstError(pages.map(({ versions }) => deleteAll(buckets, bucket, versions)));
    refuse(bucket, refused.flat());
    deleted += pages.reduce((sum, { versions }) => sum + versions.length, 0);
    after = pages.at(-1)?.next;
    if (after && isLate()) return { deleted, isDone: false };
  } while (after);
  return { deleted, isDone: true };
}

const deleteAll = async (buckets: Buckets, bucket: string, versions: VersionsPage['versions']) =>
  versions.length === 0 ? [] : buckets.delete(bucket, versions);

async function readPages(
  buckets: Buckets,
  bucket: string,
  from: VersionsPosition | undefined,
): Promise<readonly VersionsPage[]> {
  const pages: VersionsPage[] = [];
  let after = from;
  do {
    const page = await buckets.versions(bucket, after);
    if (page) pages.push(page);
    after = page?.next;
  } while (after && pages.length < PAGES);
  return pages;
}

function refuse(bucket: string, refused: readonly Refusal[]): void {
  if (refused.length === 0) return;
  const some = nameSome(refused.map(({ key, reason }) => `"${key}" (${reason})`));
  throw new ReleaseError(
    'StageRemovalIncomplete',
    `bucket "${bucket}" cannot be emptied: S3 keeps ${some}; fix that (object lock, bucket policy), then remove the ` +
      'stage again',
  );
}
