import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import { contentHash, stableEntries } from '../../lib/core/build/bundle-entries';
import { readZip } from '../../lib/packager/read-zip';
import { writeZip } from '../../lib/packager/write-zip';

const UNIX = 3;
const text = Buffer.from('exports.handler = async () => 1;\n'.repeat(50));
const read = (zip: Uint8Array) =>
  readZip('hello.zip', Buffer.from(zip)).map((entry) => ({ ...entry, bytes: entry.unpack() }));
const stable = (zip: Uint8Array) => writeZip(stableEntries('hello.zip', read(zip))).bytes;
/** A zip as another tool at another time would write it. */
const aZip = (files: Zippable = { 'a.js': text }) => zipSync(files, { mtime: new Date('2020-02-02'), os: UNIX });
const mode = (bits: number) => ({ os: UNIX, attrs: bits * 0x10000 });

describe('readZip', () => {
  it('reads path, mode and content of each entry, packed or stored', () => {
    const zip = aZip({
      'a.js': [text, mode(0o100600)],
      'bin/run': [text, { ...mode(0o100755), level: 0 }],
      link: [Buffer.from('a.js'), mode(0o120777)],
      empty: new Uint8Array(),
      'ü/文.txt': Buffer.from('x'),
    });
    expect(read(zip).map(({ path, bytes, mode }) => [path, Buffer.from(bytes).toString(), mode])).toEqual([
      ['a.js', text.toString(), 0o100600],
      ['bin/run', text.toString(), 0o100755],
      ['link', 'a.js', 0o120777],
      ['empty', '', expect.any(Number)],
      ['ü/文.txt', 'x', expect.any(Number)],
    ]);
  });

  it('takes an entry of a system without Unix modes for a plain file', () => {
    const [entry] = read(zipSync({ 'a.js': [text, { os: 0 }] }));
    expect(entry!.mode).toBe(0o100644);
  });

  it.each([
    ['that is no zip', () => Buffer.from('<html>not found</html>')],
    ['that is empty', () => Buffer.alloc(0)],
    ['that was cut off', () => aZip().subarray(0, 60)],
    ['whose directory is gone', () => aZip().fill(0, -90, -40)],
    ['with a damaged entry', () => aZip({ 'a.js': [text, { level: 0 }] }).fill(65, 40, 50)],
  ])('refuses a file %s', (_, make) => {
    expect(() => read(make())).toThrow(
      expect.objectContaining({ code: 'BundleCorrupt', message: expect.stringContaining('hello.zip') }),
    );
  });
});

describe('writeZip', () => {
  it('gives the same zip whatever the time, the order and the user', () => {
    const one = zipSync(
      { 'a.js': [text, mode(0o100644)], 'b/c.js': [text, mode(0o100755)] },
      { mtime: new Date('2020-02-02') },
    );
    const other = zipSync(
      { 'b/c.js': [text, mode(0o100711)], 'a.js': [text, { ...mode(0o100600), comment: 'mine' }] },
      { mtime: new Date('2024-04-04') },
    );
    expect(Buffer.from(stable(one))).toEqual(Buffer.from(stable(other)));
  });

  it('changes nothing in a zip that is already stable', () => {
    const once = stable(aZip({ 'b.js': text, 'a.js': [text, mode(0o100755)] }));
    expect(Buffer.from(stable(once))).toEqual(Buffer.from(once));
  });

  it('keeps content, and so the content hash', () => {
    const entries = stableEntries('hello.zip', read(aZip({ 'b.js': text, 'a.js': Buffer.from('x'), 'ü.txt': text })));
    const again = stableEntries('hello.zip', read(writeZip(entries).bytes));
    expect(contentHash(again)).toBe(contentHash(entries));
    expect(again.map(({ path, mode }) => [path, mode])).toEqual(entries.map(({ path, mode }) => [path, mode]));
  });

  it('says the hash of what it wrote', () => {
    const { bytes, sha256 } = writeZip(read(aZip({ 'b.js': text, 'a.js': Buffer.from('x') })));
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('base64'));
  });

  it('can be empty', () => {
    expect(read(stable(aZip({})))).toEqual([]);
  });
});
