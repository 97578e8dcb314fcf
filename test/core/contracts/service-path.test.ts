import * as fc from 'fast-check';
import { directoriesAbove, ownerOf, toServicePath } from '../../../lib/core/contracts/service-path';
import '../../runs';

describe('a service path', () => {
  it.each([
    ['.', '.'],
    ['./', '.'],
    ['a', 'a'],
    ['a/', 'a'],
    ['./a', 'a'],
    ['a//b', 'a/b'],
    ['./a/./b/', 'a/b'],
    ['über/größe', 'über/größe'],
    ['a.b', 'a.b'],
    ['.hidden', '.hidden'],
    ['...', '...'],
  ])('is written one way: %j is %j', (text, path) => {
    expect(toServicePath(text)).toBe(path);
  });

  it.each(['', '/', '/a', '..', '../a', 'a/../b', 'a/..', 'my service', 'a\tb', 'a/ '])('refuses %j', (text) => {
    expect(toServicePath(text)).toBeUndefined();
  });

  it('has the directories above it, nearest first', () => {
    expect(directoriesAbove('a/b/c')).toEqual(['a/b', 'a', '.']);
    expect(directoriesAbove('a')).toEqual(['.']);
    expect(directoriesAbove('.')).toEqual([]);
  });
});

describe('the owner of a file', () => {
  const services = ['a', 'a/b', 'a/b/c/d', 'ab', 'ü'];
  it.each([
    ['a/x', 'a'],
    ['a/b/x', 'a/b'],
    ['a/b/c/x', 'a/b'],
    ['a/b/c/d/e/f/x', 'a/b/c/d'],
    ['a/bc/x', 'a'],
    ['ab/x', 'ab'],
    ['abc/x', undefined],
    ['x', undefined],
    ['a', undefined],
    ['A/x', undefined],
    ['ü/x y', 'ü'],
    ['libs/a/x', undefined],
    ['constructor/x', undefined],
    ['__proto__/x', undefined],
  ])('of %j is %j', (file, owner) => {
    expect(ownerOf(services)(file)).toBe(owner);
  });

  it('is the root service where no deeper one contains the file', () => {
    const owner = ownerOf(['.', 'a']);
    expect([owner('x'), owner('b/x'), owner('a/x')]).toEqual(['.', '.', 'a']);
  });

  it('is the longest service path that is the file’s prefix at a slash, whatever was asked before', () => {
    const part = fc.constantFrom('a', 'b', 'ab', 'ü');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { maxLength: 6 }),
        fc.array(path, { maxLength: 10 }),
        (services, directories) => {
          const owner = ownerOf(services);
          for (const directory of directories) {
            const file = `${directory}/file`;
            const longest = services
              .filter((service) => file.startsWith(`${service}/`))
              .sort((a, b) => b.length - a.length);
            expect(owner(file)).toBe(longest[0]);
          }
        },
      ),
    );
  });
});
