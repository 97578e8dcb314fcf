import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { readBundles } from '../../lib/packager/local-bundles';
import { readZip } from '../../lib/packager/read-zip';
import { aDirectory } from './scratch';

/** The first bytes of a library for x86_64: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const LIBRARY = Buffer.alloc(64);
LIBRARY.set([0x7f, 0x45, 0x4c, 0x46, 2, 1], 0);
LIBRARY.writeUInt16LE(62, 18);

/** A zip in a file, with a native library and code. */
function aFile(code: string): string {
  const file = join(aDirectory(), 'hello.zip');
  writeFileSync(file, zipSync({ 'sharp.node': LIBRARY, 'src/hello.js': Buffer.from(code) }));
  return file;
}

it('knows the hash of what is stored', async () => {
  const file = aFile('one');
  const bundle = (await readBundles([file])).get(file)!;
  expect(bundle.sha256).toBe(createHash('sha256').update(bundle.bytes()).digest('base64'));
  expect(bundle.native).toEqual([{ path: 'sharp.node', runsOn: 'x86_64' }]);
});

it('takes the content of a zip from what is stored, without unpacking more than its native libraries', async () => {
  const file = aFile('one');
  const first = (await readBundles([file])).get(file)!;
  const contentOf = new Map([[first.sha256, 'f'.repeat(64)]]);
  const again = (await readBundles([file], { contentOf })).get(file)!;
  expect(again.contentHash).toBe('f'.repeat(64));
  expect(again.native).toEqual(first.native);
});

it('unpacks a zip of which one byte differs from what is stored', async () => {
  const [file, other] = [aFile('one'), aFile('two')];
  const { sha256 } = (await readBundles([file])).get(file)!;
  const changed = (await readBundles([other], { contentOf: new Map([[sha256, 'f'.repeat(64)]]) })).get(other)!;
  expect(changed.contentHash).not.toBe('f'.repeat(64));
  const code = readZip('hello.zip', Buffer.from(changed.bytes())).find(({ path }) => path === 'src/hello.js');
  expect(Buffer.from(code!.unpack()).toString()).toBe('two');
});

it('reads every file once, in whatever order', async () => {
  const [one, two] = [aFile('one'), aFile('two')];
  const bundles = await readBundles([two, one, two]);
  expect([...bundles.keys()]).toEqual([two, one]);
});

it('names the file that is damaged', async () => {
  const file = join(aDirectory({ 'bad.zip': 'no zip' }), 'bad.zip');
  await expect(readBundles([aFile('one'), file, aFile('two')])).rejects.toMatchObject({
    code: 'BundleCorrupt',
    message: expect.stringContaining('bad.zip'),
  });
});

it('stores a signed zip byte for byte, since its signature is of the entries as they stand', async () => {
  const file = join(aDirectory(), 'signed.zip');
  const content = zipSync({
    'src/': new Uint8Array(),
    'src/hello.js': Buffer.from('one'),
    'META_INF/': new Uint8Array(),
    'META_INF/aws_signer_signature_v1.0.SF': Buffer.from('signature'),
    'a.js': Buffer.from('after it'),
  });
  writeFileSync(file, content);
  const bundle = (await readBundles([file])).get(file)!;
  expect(Buffer.from(bundle.bytes()).equals(Buffer.from(content))).toBe(true);
  expect(bundle.sha256).toBe(createHash('sha256').update(content).digest('base64'));
});
