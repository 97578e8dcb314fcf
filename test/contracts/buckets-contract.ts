import type { Buckets, ObjectVersion } from '../../lib/ports/buckets';

/** What a suite needs besides the port, made anew for each test. */
export interface BucketsUnderTest {
  readonly buckets: Buckets;
  /** A versioned bucket that holds nothing. */
  readonly bucket: string;
  /** Stores an object under each of these keys. */
  put(...keys: readonly string[]): Promise<void>;
  /** Begins an upload in parts and leaves it at that. */
  beginUpload(key: string): Promise<void>;
}

/** What every adapter of the port Buckets does alike. */
export function bucketsContract(make: () => Promise<BucketsUnderTest>): void {
  const keys = (versions: readonly ObjectVersion[] = []) => versions.map(({ key }) => key);

  it('knows nothing of a bucket that is not there', async () => {
    const { buckets, bucket } = await make();
    expect(await buckets.versions(`${bucket}-other`)).toBeUndefined();
    expect(await buckets.abortUploads(`${bucket}-other`)).toBe(0);
  });

  it('lists every version of every object', async () => {
    const { buckets, bucket, put } = await make();
    expect(await buckets.versions(bucket)).toEqual({ versions: [] });
    await put('b', 'a/1', 'b');
    const { versions } = (await buckets.versions(bucket))!;
    expect(keys(versions).sort()).toEqual(['a/1', 'b', 'b']);
    expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(3);
  });

  it('deletes versions for good, also those that are gone already', async () => {
    const { buckets, bucket, put } = await make();
    await put('a', 'b', 'b');
    const { versions } = (await buckets.versions(bucket))!;
    const [first, ...others] = versions;
    expect(await buckets.delete(bucket, [first!])).toEqual([]);
    expect(keys((await buckets.versions(bucket))!.versions).sort()).toEqual(keys(others).sort());
    expect(await buckets.delete(bucket, versions)).toEqual([]);
    expect(await buckets.versions(bucket)).toEqual({ versions: [] });
  });

  it('lists page after page, whatever is deleted meanwhile', async () => {
    const { buckets, bucket, put } = await make();
    const all = Array.from({ length: 1_002 }, (_, index) => `object-${String(index).padStart(4, '0')}`);
    await put(...all);
    const first = (await buckets.versions(bucket))!;
    expect(first.versions).toHaveLength(1_000);
    await buckets.delete(bucket, first.versions);
    const second = (await buckets.versions(bucket, first.next))!;
    expect(second.next).toBeUndefined();
    expect([...keys(first.versions), ...keys(second.versions)]).toEqual(all);
  }, 60_000);

  it('gives up uploads that nobody completed', async () => {
    const { buckets, bucket, beginUpload } = await make();
    await beginUpload('large');
    expect(await buckets.abortUploads(bucket)).toBe(1);
    expect(await buckets.abortUploads(bucket)).toBe(0);
  });
}
