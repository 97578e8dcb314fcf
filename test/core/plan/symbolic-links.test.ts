import * as fc from 'fast-check';
import { changedThroughLinks } from '../../../lib/core/plan/symbolic-links';
import { runs } from '../../runs';

const through = (changed: readonly string[], links: Readonly<Record<string, string | undefined>>) =>
  changedThroughLinks(changed, new Map(Object.entries(links)));

describe('symbolic links', () => {
  it.each<[string, string, string, boolean]>([
    ['to a file that changed', '../api/hello.js', 'api/hello.js', true],
    ['to another file', '../api/other.js', 'api/hello.js', false],
    ['to a directory in which something changed', '../api', 'api/src/hello.js', true],
    ['to a directory of a name that only begins so', '../ap', 'api/hello.js', false],
    ['to a directory above it', '..', 'api/hello.js', true],
    ['to the directory that it lies in', '.', 'api/hello.js', false],
    ['to what is there no more, or not yet', '../libs/new.js', 'libs/new.js', true],
    ['into a submodule whose commit changed', '../vendor/lib/src', 'vendor', true],
    ['written in a roundabout way', './/../web/../api/./hello.js', 'api/hello.js', true],
    ['out of the repository', '../../api/hello.js', 'api/hello.js', false],
    ['out of the repository by an absolute path', '/api/hello.js', 'api/hello.js', false],
  ])('%s: %s when %s changes: %s', (_, target, changed, counts) => {
    expect(through([changed], { 'web/common': target })).toEqual(counts ? ['web/common'] : []);
  });

  it('lead through other links, and those through others still', () => {
    const links = { 'web/common': '../libs/current/src', 'libs/current': 'v1', 'libs/v1': '../api' };
    expect(through(['api/src/hello.js'], links)).toEqual(['web/common', 'libs/current', 'libs/v1']);
    expect(through(['api/other.js'], links)).toEqual(['libs/current', 'libs/v1']);
    // One on the way leads elsewhere now.
    expect(through(['libs/current'], links)).toEqual(['web/common']);
  });

  it('lead to directories that hold links', () => {
    const links = { 'web/common': '../api/src', 'api/src/shared': '../../libs/shared' };
    expect(through(['libs/shared/x.js'], links)).toEqual(['web/common', 'api/src/shared']);
  });

  it('follow a link before they go up from it, as a file system does', () => {
    const links = { 'web/common': '../libs/current/../x.js', 'libs/current': '../api/v1' };
    expect(through(['api/x.js'], links)).toEqual(['web/common']);
    expect(through(['libs/x.js'], links)).toEqual([]);
  });

  it('that lead to themselves, or to each other, lead nowhere', () => {
    expect(through(['a/x'], { 'b/itself': 'itself', 'b/one': 'other', 'b/other': 'one' })).toEqual([]);
  });

  it('that were not read count with every change, also where others lead through them', () => {
    expect(through(['x'], { 'a/unread': undefined, 'b/to': '../a/unread/y', 'c/to': '../z' })).toEqual([
      'a/unread',
      'b/to',
    ]);
    expect(through([], { 'a/unread': undefined })).toEqual([]);
  });

  it('count with each file that can be read through them, whatever leads where', () => {
    const directory = fc.constantFrom('a', 'b', 'a/d', 'c');
    const target = fc.constantFrom('..', '../a', '../b', '../a/d', 'd', '../c/one', '../b/two', '../../c', 'x');
    const links = fc.dictionary(
      fc.tuple(directory, fc.constantFrom('one', 'two')).map((parts) => parts.join('/')),
      target,
    );
    const files = ['a/x', 'b/x', 'a/d/x', 'c/x'];
    fc.assert(
      fc.property(links, fc.constantFrom(...files), (written, changed) => {
        const found = through([changed], written);
        for (const link of Object.keys(written)) {
          if (canRead(link, changed, written)) expect(found).toContain(link);
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

/** Whether somebody who walks below a link, through further links, comes to a file: a slow file system of its own. */
function canRead(link: string, file: string, links: Readonly<Record<string, string>>): boolean {
  const directories = ['a', 'b', 'c', 'a/d'];
  const resolve = (path: string, depth = 0): string | undefined => {
    const done: string[] = [];
    for (const [index, part] of path.split('/').entries()) {
      if (part === '..') {
        if (done.pop() === undefined) return undefined;
        continue;
      }
      done.push(part);
      const target = links[done.join('/')];
      if (target === undefined) continue;
      if (depth > 20) return undefined;
      const rest = path.split('/').slice(index + 1);
      return resolve([...done.slice(0, -1), ...target.split('/'), ...rest].join('/'), depth + 1);
    }
    return done.join('/');
  };
  const seen = new Set<string>();
  const open = [resolve(link)];
  while (open.length > 0) {
    const at = open.pop();
    if (at === undefined || seen.has(at)) continue;
    seen.add(at);
    if (at === file) return true;
    const inside = (path: string) => (at === '' ? true : path.startsWith(`${at}/`));
    if (inside(file) && (at === '' || directories.includes(at))) return true;
    for (const other of Object.keys(links)) if (inside(other)) open.push(resolve(other));
  }
  return false;
}
