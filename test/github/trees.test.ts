import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type AskTree, differences, findEntry, pathsOf, readTree, type TreeEntry } from '../../lib/github/trees';
import '../runs';

type Files = Readonly<Record<string, string>>;
const hash = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Trees of git, of files by path; answers have at most so many entries. */
function repository(limit = Number.POSITIVE_INFINITY) {
  const trees = new Map<string, TreeEntry[]>();
  const asked: string[] = [];
  function add(files: Files): string {
    const directories = new Map<string, Record<string, string>>();
    const entries: TreeEntry[] = [];
    for (const [path, content] of Object.entries(files)) {
      const [first = '', ...rest] = path.split('/');
      if (rest.length > 0) directories.set(first, { ...directories.get(first), [rest.join('/')]: content });
      else if (content.startsWith('submodule ')) {
        entries.push({ path, mode: '160000', type: 'commit', sha: hash(content) });
      } else
        entries.push({ path, mode: content.startsWith('#!') ? '100755' : '100644', type: 'blob', sha: hash(content) });
    }
    for (const [path, below] of directories) entries.push({ path, mode: '040000', type: 'tree', sha: add(below) });
    entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    const sha = hash(JSON.stringify(entries));
    trees.set(sha, entries);
    return sha;
  }
  const walk = (sha: string, prefix = ''): TreeEntry[] =>
    trees
      .get(sha)!
      .flatMap((entry) => [
        { ...entry, path: prefix + entry.path },
        ...(entry.type === 'tree' ? walk(entry.sha, `${prefix + entry.path}/`) : []),
      ]);
  const ask: AskTree = async (sha, recursive) => {
    asked.push(sha);
    const all = recursive ? walk(sha) : trees.get(sha)!;
    const most = recursive ? limit : Number.POSITIVE_INFINITY;
    return { tree: all.slice(0, most), truncated: all.length > most };
  };
  return { add, ask, asked };
}

const naive = (base: Files, head: Files): string[] =>
  [...new Set([...Object.keys(base), ...Object.keys(head)])].filter((path) => base[path] !== head[path]).sort();

/** Paths of files and directories never collide: what ends in a digit is a file. */
const files = fc.dictionary(
  fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map((parts) => [...parts, 'f1'].join('/')),
  fc.constantFrom('x', 'y', '#! x', 'submodule x'),
);

describe('trees', () => {
  it('are read and compared in full, however little GitHub gives at once', async () => {
    await fc.assert(
      fc.asyncProperty(files, files, fc.integer({ min: 1, max: 8 }), async (base, head, limit) => {
        const { add, ask } = repository(limit);
        const after = await readTree(ask, add(head));
        const before = await readTree(ask, add(base), after);
        const isFile = (path: string) => !head[path]!.startsWith('submodule');
        expect([...pathsOf(after)].sort()).toEqual(Object.keys(head).filter(isFile).sort());
        expect([...differences(before, after)].sort()).toEqual(naive(base, head));
      }),
    );
  });

  it('take one call if GitHub gives them at once', async () => {
    const { add, ask, asked } = repository();
    const commit = add({ 'a/b/c1': 'x', 'd/e1': 'y' });
    await readTree(ask, commit);
    expect(asked).toEqual([commit]);
  });

  it('of which most is the same are read only where they differ', async () => {
    const { add, ask, asked } = repository(5);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index % 10}/f${index}`, 'x']));
    const after = await readTree(ask, add({ ...many, 'd3/f3': 'y' }));
    asked.length = 0;
    const before = await readTree(ask, add(many), after);
    expect(differences(before, after)).toEqual(['d3/f3']);
    expect(asked).toHaveLength(3); // the root, twice, and the directory that differs
  });

  it('with a directory of more entries than GitHub lists are refused', async () => {
    const ask: AskTree = async () => ({ tree: [], truncated: true });
    await expect(readTree(ask, 'c')).rejects.toMatchObject({ code: 'ConfigInvalid' });
  });
});

describe('findEntry', () => {
  it.each([
    ['f1', true],
    ['a/b/f1', true],
    ['a', false],
    ['a/b', false],
    ['a/f1', false],
    ['f1/f1', false],
    ['no/such', false],
  ])('of %s: %s', async (path, found) => {
    const { add, ask } = repository();
    const entry = await findEntry(ask, add({ f1: 'x', 'a/b/f1': 'x' }), path);
    expect(entry).toBe(found ? `100644 ${hash('x')}` : undefined);
  });
});
