import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { MOST_STORED_BYTES } from '../../lib/core/contracts/parse-stored-json';
import type { Artifacts } from '../../lib/ports/artifacts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/**
 * What every adapter of the port Artifacts does. @param make over an artifact repository that may hold other objects
 */
export function artifactsContract(make: () => Artifacts): void {
  let artifacts: Artifacts;
  let key: string;
  const bytes = Buffer.from('a bundle');

  beforeEach(() => {
    artifacts = make();
    key = `bundles/shop/api/Hello/${randomBytes(8).toString('hex')}.zip`;
  });

  it('stores bytes and gives them back', async () => {
    expect(await artifacts.putIfAbsent(key, bytes, { sha256: sha256(bytes) })).toBe('stored');
    expect(Buffer.from((await artifacts.readBytes(key))!)).toEqual(bytes);
  });

  it('leaves what is stored under a key as it is', async () => {
    await artifacts.putIfAbsent(key, bytes, { sha256: sha256(bytes) });
    const other = Buffer.from('other bytes');
    expect(await artifacts.putIfAbsent(key, other, { sha256: sha256(other) })).toBe('already-there');
    expect(Buffer.from((await artifacts.readBytes(key))!)).toEqual(bytes);
  });

  it('lets one of two writers of a key store', async () => {
    const put = () => artifacts.putIfAbsent(key, bytes, { sha256: sha256(bytes) });
    expect((await Promise.all([put(), put()])).sort()).toEqual(['already-there', 'stored']);
  });

  it('refuses bytes that are not those of the hash', async () => {
    await expect(artifacts.putIfAbsent(key, bytes, { sha256: sha256(Buffer.from('x')) })).rejects.toThrow();
    expect(await artifacts.readBytes(key)).toBeUndefined();
  });

  it('finds which of many keys exist, and what is stored there', async () => {
    const keys = Array.from({ length: 50 }, (_, index) => `${key}/${index}`);
    await artifacts.putIfAbsent(keys[7]!, bytes, { sha256: sha256(bytes) });
    expect(await artifacts.find(keys)).toEqual(new Map([[keys[7], { sha256: sha256(bytes), size: bytes.length }]]));
    expect(await artifacts.find([])).toEqual(new Map());
  });

  it('gives nothing for a key that does not exist', async () => {
    expect(await artifacts.readBytes(key)).toBeUndefined();
    expect(await artifacts.readJson(key, z.unknown())).toBeUndefined();
  });

  it('stores JSON in the bytes that everybody hashes', async () => {
    const value = { b: 'ü', a: [1, { c: null }], gone: undefined };
    await artifacts.writeJson(key, value);
    expect(Buffer.from((await artifacts.readBytes(key))!).toString('utf8')).toBe(JSON.stringify(value));
  });

  it('reads JSON by its schema, and writes over it', async () => {
    const Thing = z.object({ name: z.string() });
    await artifacts.writeJson(key, { name: 'first' });
    await artifacts.writeJson(key, { name: 'second' });
    expect(await artifacts.readJson(key, Thing)).toEqual({ name: 'second' });
  });

  it('names the key and the field of JSON that is not what it should be', async () => {
    await artifacts.writeJson(key, { name: 7 });
    await expect(artifacts.readJson(key, z.object({ name: z.string() }))).rejects.toMatchObject({
      code: 'ManifestInvalid',
      message: expect.stringMatching(new RegExp(`${key}.*name`)),
    });
  });

  it('names the key, the size and the limit of what is too large to be read', async () => {
    const large = Buffer.alloc(MOST_STORED_BYTES + 1, ' ');
    await artifacts.putIfAbsent(key, large, { sha256: sha256(large) });
    const refused = { code: 'ManifestInvalid', message: expect.stringMatching(`${key}.*10000001 bytes.*10000000`) };
    await expect(artifacts.readJson(key, z.unknown())).rejects.toMatchObject(refused);
    await expect(artifacts.readBytes(key)).rejects.toMatchObject(refused);
  });

  it('tells the first of very many fields that are not what they should be', async () => {
    await artifacts.writeJson(
      key,
      Array.from({ length: 50_000 }, () => 'x'.repeat(100)),
    );
    const { message } = await artifacts.readJson(key, z.array(z.number())).then(
      () => new Error('read'),
      (error: Error) => error,
    );
    expect(message).toMatch(/0: .*and 49980 more/s);
    expect(message.length).toBeLessThan(25_000);
  });

  it('says so if what should be JSON is not', async () => {
    await artifacts.putIfAbsent(key, bytes, { sha256: sha256(bytes) });
    await expect(artifacts.readJson(key, z.unknown())).rejects.toMatchObject({ code: 'ManifestInvalid' });
  });
}
