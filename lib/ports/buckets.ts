/** One version of an object, or the marker that an object was deleted. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
}

/** Some of what a bucket holds. */
export interface VersionsPage {
  readonly versions: readonly ObjectVersion[];
  /** Where the next page begins; absent if this is the last one. */
  readonly next?: VersionsPosition;
}
export interface VersionsPosition {
  readonly key: string;
  readonly versionId?: string;
}

/** Why a version was not deleted, in S3's own words. */
export interface Refusal {
  readonly key: string;
  readonly reason: string;
}

/**
 * The buckets of one target, which are looked at and emptied before their stack is deleted. Methods throw ReleaseError
 * `Throttled` if S3 is busy after all retries: the same step may be tried again.
 */
export interface Buckets {
  /**
   * @param after where the page begins; without it, at the beginning
   * @returns at most 1,000 versions and delete markers, ordered by key; undefined if there is no such bucket
   */
  versions(bucket: string, after?: VersionsPosition): Promise<VersionsPage | undefined>;
  /**
   * Deletes these versions for good. One that is already gone is no failure.
   * @param versions at most 1,000
   * @returns what S3 refused to delete
   */
  delete(bucket: string, versions: readonly ObjectVersion[]): Promise<readonly Refusal[]>;
  /** Aborts multipart uploads that nobody completed. @returns how many there were */
  abortUploads(bucket: string): Promise<number>;
}
