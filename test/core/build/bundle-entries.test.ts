import fc from 'fast-check';
import { type BundleEntry, contentHash, stableEntries } from '../../../lib/core/build/bundle-entries';
import '../../runs';

const anEntry = (path: string, text = '', mode = 0o100644): BundleEntry => ({ path, mode, bytes: Buffer.from(text) });
const hashOf = (...entries: BundleEntry[]) => contentHash(stableEntries('hello.zip', entries));
const refuse = (...entries: BundleEntry[]) =>
  expect(() => stableEntries('hello.zip', entries)).toThrow(expect.objectContaining({ code: 'BundleCorrupt' }));

const paths = fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,3})?$/);
const modes = fc.constantFrom(0o100644, 0o100600, 0o100755, 0o100711);
const entries = fc.uniqueArray(fc.record({ path: paths, mode: modes, bytes: fc.uint8Array({ maxLength: 4 }) }), {
  selector: ({ path }) => path,
  maxLength: 8,
});

describe('stableEntries and contentHash', () => {
  it('give the same for the same entries in any order', () => {
    const shuffled = entries.chain((list) =>
      fc.record({ list: fc.constant(list), other: fc.shuffledSubarray(list, { minLength: list.length }) }),
    );
    fc.assert(fc.property(shuffled, ({ list, other }) => hashOf(...list) === hashOf(...other)));
  });

  it('change nothing when they are applied again', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const stable = stableEntries('hello.zip', list);
        expect(stableEntries('hello.zip', stable)).toEqual(stable);
      }),
    );
  });

  it('tell any two different contents apart', () => {
    fc.assert(
      fc.property(entries, entries, (one, other) => {
        const [a, b] = [stableEntries('a', one), stableEntries('b', other)];
        const text = (list: readonly BundleEntry[]) =>
          JSON.stringify(list.map(({ path, mode, bytes }) => [path, mode, [...bytes]]));
        expect(contentHash(a) === contentHash(b)).toBe(text(a) === text(b));
      }),
    );
  });

  it('take a path that is moved from one entry into another for a change', () => {
    expect(hashOf(anEntry('a', 'b'))).not.toBe(hashOf(anEntry('ab')));
    expect(hashOf(anEntry('a', 'x'), anEntry('b'))).not.toBe(hashOf(anEntry('a'), anEntry('b', 'x')));
  });

  it('notice that a file became executable, and no other bit of its mode', () => {
    expect(hashOf(anEntry('a', '', 0o100755))).not.toBe(hashOf(anEntry('a', '', 0o100644)));
    expect(hashOf(anEntry('a', '', 0o100600))).toBe(hashOf(anEntry('a', '', 0o100664)));
    expect(hashOf(anEntry('a', '', 0o100700))).toBe(hashOf(anEntry('a', '', 0o100755)));
  });

  it('do not see directories', () => {
    expect(hashOf(anEntry('d/'), anEntry('e', '', 0o040755), anEntry('d/a'))).toBe(hashOf(anEntry('d/a')));
  });

  it('leave out compiled Python whose source is there, and keep it where it is all there is', () => {
    const source = anEntry('pkg/mod.py', 'x = 1');
    const compiled = (text: string) => anEntry('pkg/__pycache__/mod.cpython-312.pyc', text);
    expect(hashOf(source, compiled('one time'))).toBe(hashOf(source, compiled('another time')));
    expect(hashOf(source, compiled('one time'))).toBe(hashOf(source));
    expect(hashOf(compiled('one'))).not.toBe(hashOf(compiled('another')));
    expect(hashOf(source, anEntry('pkg/mod.pyc', 'a'))).not.toBe(hashOf(source, anEntry('pkg/mod.pyc', 'b')));
  });

  it('keep a symbolic link that stays within the package', () => {
    const link = anEntry('bin/tool', '../lib/tool.js', 0o120777);
    expect(stableEntries('layer.zip', [link])).toEqual([link]);
    expect(hashOf(link)).not.toBe(hashOf(anEntry('bin/tool', '../lib/tool.js')));
  });

  it('refuse a link or a path that leaves the package', () => {
    refuse(anEntry('bin/tool', '../../etc/passwd', 0o120777));
    refuse(anEntry('tool', '/etc/passwd', 0o120777));
    refuse(anEntry('../escape'));
    refuse(anEntry('a/../../escape'));
    refuse(anEntry('/etc/passwd'));
    refuse(anEntry('..\\escape'));
  });
});
