import type { Repository } from '../../lib/core/contracts/release';
import type { Source } from '../../lib/ports/source';

/** Files of a commit, by path. */
type Files = Readonly<Record<string, string>>;
/** What is written in symbolic links, by path. */
type Links = Files;

/** A repository with a history that tests write. */
export interface AHistory {
  readonly source: Source;
  readonly repository: Repository;
  /** Makes a commit of exactly these files and links, wherever a branch is. @returns its hash */
  commit(files: Files, message?: string, links?: Links): Promise<string>;
  /** Makes a commit of these files on top of another. @returns its hash */
  commitOn(parent: string, files: Files): Promise<string>;
  /** Lets a branch point at a commit, whatever it pointed at. */
  branch(name: string, commit: string | undefined): Promise<void>;
  tag(name: string, commit: string): Promise<void>;
  /** Makes an annotated tag, where commits are made by git. */
  readonly annotate?: (name: string, commit: string) => Promise<void>;
  /** Absent where the host has no pull requests that Seedbed reads. */
  readonly pulls?: {
    /** Opens a pull request of a branch into another. @returns its number */
    open(branch: string, into: string): Promise<number>;
    close(number: number): Promise<void>;
  };
}

const NEVER = 'f'.repeat(40);
const sorted = (paths: readonly string[] | 'unknown') => (paths === 'unknown' ? paths : [...paths].sort());

/** What every adapter of the port Source does. @param make makes an empty repository */
export function sourceContract(make: () => Promise<AHistory>): void {
  it.each(['topic', 'feature/a', '50%', 'issue#1', 'größe'])(
    'finds the head of branch %s as it is now',
    async (name) => {
      const { source, repository, commit, branch } = await make();
      const first = await commit({ a: '1' }, 'first\n\nwith a body');
      await branch('main', first); // the default branch, which cannot be deleted
      await branch(name, first);
      expect(await source.head(repository, { branch: name })).toEqual({
        commit: first,
        message: 'first\n\nwith a body',
      });
      const second = await commit({ a: '2' });
      await branch(name, second); // by force: the first is not its parent
      expect(await source.head(repository, { branch: name })).toMatchObject({ commit: second });
      await branch(name, undefined);
      expect(await source.head(repository, { branch: name })).toBeUndefined();
    },
  );

  it('finds the commit of a tag', async () => {
    const { source, repository, commit, branch, tag } = await make();
    const first = await commit({ a: '1' }, 'first');
    await branch('main', first);
    await tag('v1/beta', first);
    expect(await source.head(repository, { tag: 'v1/beta' })).toEqual({ commit: first, message: 'first' });
    expect(await source.head(repository, { tag: 'main' })).toBeUndefined();
    expect(await source.head(repository, { branch: 'v1/beta' })).toBeUndefined();
  });

  it('lists the tags that begin so, each with what it points at', async () => {
    const { source, repository, commit, branch, tag, annotate } = await make();
    const [one, other] = [await commit({ a: '1' }), await commit({ a: '2' })];
    await branch('v3', other);
    expect(new Map(await source.tags(repository, ['v']))).toEqual(new Map());
    for (const name of ['v1', 'v2/beta', 'other']) await tag(name, one);
    await annotate?.('v4', other);
    const tags = await source.tags(repository, ['v2', 'v']);
    expect([...tags.keys()].sort()).toEqual(['v1', 'v2/beta', ...(annotate ? ['v4'] : [])]);
    expect([...(await source.tags(repository, [''])).keys()]).toContain('other');
    for (const [name, head] of tags) {
      const { commit: at, object = at } = (await source.head(repository, { tag: name }))!;
      expect([name, head, at]).toEqual([name, object, name === 'v4' ? other : one]);
    }
  });

  it('tells how a commit stands to another', async () => {
    const { source, repository, commit, commitOn, branch } = await make();
    const base = await commit({ a: '1' });
    const next = await commitOn(await commitOn(base, { a: '2' }), { a: '3' });
    const other = await commitOn(base, { b: '1' });
    const foreign = await commit({ c: '1' });
    for (const [name, head] of Object.entries({ main: next, other, foreign })) await branch(name, head);
    const pairs = [
      [next, base],
      [base, next],
      [base, base],
      [next, other],
      [next, foreign],
      [next, NEVER],
    ] as const;
    const found = await Promise.all(pairs.map(([one, another]) => source.lineage(repository, one, another)));
    expect(found).toEqual(['ahead', 'behind', 'identical', 'diverged', 'diverged', 'diverged']);
  });

  it('lists branches with their heads', async () => {
    const { source, repository, commit, branch } = await make();
    const [one, other] = [await commit({ a: '1' }), await commit({ a: '2' })];
    await branch('main', one);
    await branch('feature/a', other);
    expect(new Map(await source.branches(repository))).toEqual(
      new Map([
        ['main', one],
        ['feature/a', other],
      ]),
    );
  });

  it('lists the files of a commit', async () => {
    const { source, repository, commit, branch } = await make();
    const head = await commit({ a: '1', 'b/c/d e': '2', 'ü/f': '' });
    await branch('main', head);
    expect(sorted(await source.listFiles(repository, head))).toEqual(['a', 'b/c/d e', 'ü/f']);
  });

  it('reads files, and says which are not there', async () => {
    const { source, repository, commit, branch } = await make();
    const head = await commit({ 'seed.yml': 'größe: 1\n', 'b/c': '', 'd e/#f': 'x' });
    await branch('main', head);
    const read = (path: string) => source.readFile(repository, head, path);
    expect(await read('seed.yml')).toBe('größe: 1\n');
    expect(await read('b/c')).toBe('');
    expect(await read('d e/#f')).toBe('x');
    expect(await read('none')).toBeUndefined();
    expect(await read('b')).toBeUndefined();
  });

  it('compares trees, whatever lies between them', async () => {
    const { source, repository, commit, branch } = await make();
    const base = await commit({ same: '1', changed: '1', 'a/removed': '1', 'a/renamed': 'x' });
    await branch('main', base);
    const head = await commit({ same: '1', changed: '2', 'b/renamed': 'x', 'b/added': '1' });
    await branch('main', head);
    const changed = ['a/removed', 'a/renamed', 'b/added', 'b/renamed', 'changed'];
    expect(sorted(await source.changedFiles(repository, base, head))).toEqual(changed);
    expect(sorted(await source.changedFiles(repository, head, base))).toEqual(changed);
    expect(await source.changedFiles(repository, head, head)).toEqual([]);
    expect([...(await source.editedFiles(repository, base, head))]).toEqual(['changed']);
    expect([...(await source.editedFiles(repository, head, head))]).toEqual([]);
  });

  it('says what is written in symbolic links, which are changed files too, and are not read', async () => {
    const { source, repository, commit, branch } = await make();
    const links = { 'a/b/up': '../..', 'a/link': '../ü/f', 'same as that': '../ü/f', out: '/etc/hosts' };
    const base = await commit({ 'ü/f': '1' }, 'links', { ...links, 'a/link': 'none' });
    await branch('main', base);
    const head = await commit({ 'ü/f': '1' }, 'other links', links);
    await branch('main', head);
    expect(Object.fromEntries(await source.symbolicLinks(repository, head))).toEqual(links);
    expect(sorted(await source.listFiles(repository, head))).toEqual([...Object.keys(links), 'ü/f'].sort());
    expect(await source.changedFiles(repository, base, head)).toEqual(['a/link']);
    await expect(source.symbolicLinks(repository, NEVER)).rejects.toMatchObject({ code: 'CommitNotFound' });
  });

  it('tells a base that is gone from a commit that is not there', async () => {
    const { source, repository, commit, branch } = await make();
    const head = await commit({ a: '1' });
    await branch('main', head);
    expect(await source.changedFiles(repository, NEVER, head)).toBe('unknown');
    expect([...(await source.editedFiles(repository, NEVER, head))]).toEqual([]);
    await expect(source.listFiles(repository, NEVER)).rejects.toMatchObject({ code: 'CommitNotFound' });
    await expect(source.readFile(repository, NEVER, 'a')).rejects.toMatchObject({ code: 'CommitNotFound' });
  });

  it('reads pull requests as they are now', async () => {
    const { source, repository, commit, branch, pulls } = await make();
    await branch('main', await commit({ a: '1' }));
    const first = await commit({ a: '2' }, 'try it');
    await branch('feature', first);
    if (!pulls) {
      expect(await source.pullRequest(repository, 1)).toBeUndefined();
      expect(await source.openPullRequests(repository)).toEqual([]);
      return;
    }
    const number = await pulls.open('feature', 'main');
    const open = { number, state: 'open', into: 'main', branch: 'feature', isFork: false };
    expect(await source.pullRequest(repository, number)).toEqual({
      ...open,
      head: { commit: first, message: 'try it' },
    });
    const { state: _, ...listed } = open;
    expect(await source.openPullRequests(repository)).toEqual([{ ...listed, commit: first }]);
    await pulls.close(number);
    expect(await source.pullRequest(repository, number)).toMatchObject({ number, state: 'closed' });
    expect(await source.openPullRequests(repository)).toEqual([]);
    expect(await source.pullRequest(repository, number + 100)).toBeUndefined();
  });

  it('knows a repository by an id, and the commits of its branches and tags', async () => {
    const { source, repository, commit, branch, tag } = await make();
    const [one, other] = [await commit({ a: '1' }), await commit({ a: '2' })];
    await branch('main', one);
    await tag('v1', other);
    const id = await source.repositoryId(repository);
    expect(id).toMatch(/\S/);
    expect(await source.repositoryId(repository)).toBe(id);
    for (const first of [[], ['main'], ['none']]) {
      for (const head of [one, other]) expect(await source.findCommit(repository, head, first)).toBe('reachable');
    }
  });

  it('says that a repository is not there', async () => {
    const { source, repository, pulls } = await make();
    const none = { ...repository, name: `${repository.name}-none` };
    const gone = { code: 'RepositoryNotFound', message: expect.stringContaining(none.name) };
    await expect(source.head(none, { branch: 'main' })).rejects.toMatchObject(gone);
    await expect(source.repositoryId(none)).rejects.toMatchObject(gone);
    await expect(source.branches(none)).rejects.toMatchObject(gone);
    await expect(source.listFiles(none, NEVER)).rejects.toMatchObject(gone);
    await expect(source.readFile(none, NEVER, 'a')).rejects.toMatchObject(gone);
    if (!pulls) return;
    await expect(source.openPullRequests(none)).rejects.toMatchObject(gone);
    await expect(source.pullRequest(none, 1)).rejects.toMatchObject(gone);
  });
}
