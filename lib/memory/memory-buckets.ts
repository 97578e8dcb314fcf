import type { Buckets, ObjectVersion } from '../ports/buckets';

/** What a bucket in memory holds. */
interface MemoryBucket {
  readonly versions: ObjectVersion[];
  /** Upload ids of unfinished uploads in parts. */
  readonly uploads: string[];
  /** Keys whose deletion is refused, and why. */
  readonly locked: Map<string, string>;
}

/** In-memory twin of the port Buckets, and what else happens to buckets. */
export interface MemoryBuckets extends Buckets {
  readonly all: Map<string, MemoryBucket>;
  /** Makes a bucket that holds these keys, each as often as it is named; or adds them to it. */
  put(bucket: string, ...keys: readonly string[]): MemoryBucket;
}

const PAGE = 1_000;

export function memoryBuckets(): MemoryBuckets {
  const all = new Map<string, MemoryBucket>();
  let counter = 0;
  return {
    all,
    put(bucket, ...keys) {
      const found: MemoryBucket = all.get(bucket) ?? { versions: [], uploads: [], locked: new Map() };
      all.set(bucket, found);
      for (const key of keys) {
        counter += 1;
        found.versions.push({ key, versionId: String(counter).padStart(9, '0') });
      }
      found.versions.sort((a, b) => (place(a) < place(b) ? -1 : 1));
      return found;
    },
    async versions(bucket, after) {
      const held = all.get(bucket)?.versions;
      const from = after && place({ versionId: '', ...after });
      const rest = from === undefined ? held : held?.filter((one) => place(one) > from);
      const versions = rest?.slice(0, PAGE);
      return versions && { versions, ...(versions.length < rest!.length && { next: versions.at(-1) }) };
    },
    async delete(bucket, versions) {
      const found = all.get(bucket);
      const refused = versions.flatMap(({ key }) => {
        const reason = found?.locked.get(key);
        return reason === undefined ? [] : [{ key, reason }];
      });
      const going = new Set(versions.filter(({ key }) => !found?.locked.has(key)).map(place));
      const kept = found?.versions.filter((one) => !going.has(place(one))) ?? [];
      found?.versions.splice(0, found.versions.length, ...kept);
      return refused;
    },
    async abortUploads(bucket) {
      return all.get(bucket)?.uploads.splice(0).length ?? 0;
    },
  };
}

const place = ({ key, versionId }: ObjectVersion): string => `${key}\u0000${versionId}`;
