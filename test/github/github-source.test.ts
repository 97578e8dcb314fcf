import { gitHubSource } from '../../lib/github/github-source';
import { A_TOKEN, anError, clientsOf, type DoubleAnswer, gitHubDouble, SHOP } from './github-double';

const C = 'c'.repeat(40);
const B = 'b'.repeat(40);
const at = (path: string) => `GET /repos/acme/shop${path}`;
const start = (routes: Record<string, () => DoubleAnswer>) => {
  const github = gitHubDouble(routes);
  return { source: gitHubSource(clientsOf(github)), github };
};
const aBranch = (name: string, message = 'add a page') => ({ name, commit: { sha: C, commit: { message } } });
const file = (path: string, sha = `sha of ${path}`, mode = '100644') => ({ path, mode, type: 'blob', sha });
const aTree = (...tree: object[]) => ({ sha: 't', tree, truncated: false });

describe('the head of a branch', () => {
  it('takes one call, whatever the branch is called', async () => {
    for (const branch of ['main', 'feature/a', '50%', 'issue#1', 'what?', 'größe', 'a b', '{owner}', ':repo']) {
      const { source, github } = start({ [at(`/branches/${encodeURIComponent(branch)}`)]: () => aBranch(branch) });
      expect(await source.head(SHOP, { branch })).toEqual({ commit: C, message: 'add a page' });
      expect(github.seen).toHaveLength(1);
    }
  });

  it('is undefined if there is no such branch, after one call', async () => {
    const { source, github } = start({ [at('/branches/main')]: () => anError(404, 'Branch not found') });
    expect(await source.head(SHOP, { branch: 'main' })).toBeUndefined();
    expect(github.seen).toHaveLength(1);
  });

  it('is undefined if the branch has another name now, to which GitHub leads', async () => {
    const { source } = start({ [at('/branches/master')]: () => aBranch('main') });
    expect(await source.head(SHOP, { branch: 'master' })).toBeUndefined();
  });

  it('says that the repository is gone, if it is', async () => {
    const { source } = start({});
    await expect(source.head(SHOP, { branch: 'main' })).rejects.toMatchObject({
      code: 'RepositoryNotFound',
      message: expect.stringMatching(/cannot see repository "acme\/shop".*correct "repository"/),
    });
  });
});

describe('the head of a tag', () => {
  const commit = { [at(`/git/commits/${C}`)]: () => ({ sha: C, message: 'release' }) };

  it('is the commit of a plain tag', async () => {
    const { source } = start({
      ...commit,
      [at('/git/ref/tags%2Fv1%2Fbeta')]: () => ({ object: { type: 'commit', sha: C } }),
    });
    expect(await source.head(SHOP, { tag: 'v1/beta' })).toEqual({ commit: C, message: 'release' });
  });

  it('is the commit that an annotated tag leads to, even through another tag', async () => {
    const { source } = start({
      ...commit,
      [at('/git/ref/tags%2Fv1')]: () => ({ object: { type: 'tag', sha: '1' } }),
      [at('/git/tags/1')]: () => ({ object: { type: 'tag', sha: '2' } }),
      [at('/git/tags/2')]: () => ({ object: { type: 'commit', sha: C } }),
    });
    expect(await source.head(SHOP, { tag: 'v1' })).toEqual({ commit: C, message: 'release', object: '1' });
  });

  it('is undefined if the tag is of no commit, or not there', async () => {
    const { source } = start({
      [at('')]: () => ({}),
      [at('/git/ref/tags%2Ftree')]: () => ({ object: { type: 'tree', sha: 't' } }),
    });
    expect(await source.head(SHOP, { tag: 'tree' })).toBeUndefined();
    expect(await source.head(SHOP, { tag: 'none' })).toBeUndefined();
  });
});

describe('lists', () => {
  it('of branches are read to their end', async () => {
    const page = (from: number, length: number) =>
      Array.from({ length }, (_, index) => ({ name: `b${from + index}`, commit: { sha: C } }));
    const { source } = start({
      [at('/branches?per_page=100&page=1')]: () =>
        Response.json(page(0, 100), { headers: { link: '<https://api.github.test/x?page=2>; rel="next"' } }),
      [at('/branches?per_page=100&page=2')]: () => page(100, 7),
    });
    const branches = await source.branches(SHOP);
    expect([branches.size, branches.get('b106')]).toEqual([107, C]);
  });

  it('of pull requests say what each is of', async () => {
    const base = { ref: 'main', repo: { id: 1 } };
    const { source } = start({
      [at('/pulls?state=open&per_page=100&page=1')]: () => [
        { number: 7, base, head: { ref: 'topic', sha: C, repo: { id: 1 } } },
        { number: 9, base, head: { ref: 'theirs', sha: C, repo: null } },
      ],
    });
    expect(await source.openPullRequests(SHOP)).toEqual([
      { number: 7, into: 'main', branch: 'topic', commit: C, isFork: false },
      { number: 9, into: 'main', branch: 'theirs', commit: C, isFork: true },
    ]);
  });

  it('of tags take a call for each beginning, however many there are', async () => {
    const { source, github } = start({
      [at('/git/matching-refs/tags%2Fv?per_page=100&page=1')]: () =>
        Array.from({ length: 250 }, (_, index) => ({ ref: `refs/tags/v${index}`, object: { sha: C } })),
    });
    expect((await source.tags(SHOP, ['v'])).size).toBe(250);
    expect(github.calls()).toHaveLength(1);
  });
});

describe('a commit of this repository', () => {
  const compare = (ref: string) => at(`/compare/${encodeURIComponent(`${ref}...${C}`)}?per_page=1&page=2`);
  const lists = {
    [at('/branches?per_page=100&page=1')]: () => [
      { name: 'main', commit: { sha: B } },
      { name: 'feature/a', commit: { sha: B } },
    ],
    [at('/git/matching-refs/tags%2F?per_page=100&page=1')]: () => [{ ref: 'refs/tags/v1', object: { sha: B } }],
  };

  it('is found with one call on the branch that is named', async () => {
    const { source, github } = start({ [compare('main')]: () => ({ status: 'behind' }) });
    expect(await source.findCommit(SHOP, C, ['main'])).toBe('reachable');
    expect(github.calls()).toHaveLength(1);
  });

  it.each(['feature/a', 'v1'])('is found on %s', async (ref) => {
    const { source } = start({ ...lists, [compare(ref)]: () => ({ status: 'identical' }) });
    expect(await source.findCommit(SHOP, C, ['main'])).toBe('reachable');
  });

  it('is none that only a fork has, though GitHub shows it under this name', async () => {
    const { source, github } = start({
      ...lists,
      [at(`/git/trees/${C}?recursive=1`)]: () => aTree(file('seed.yml')),
      [compare('main')]: () => ({ status: 'ahead' }),
      [compare('feature/a')]: () => ({ status: 'diverged' }),
      [compare('v1')]: () => ({ status: 'diverged' }),
    });
    expect(await source.listFiles(SHOP, C)).toEqual(['seed.yml']);
    expect(await source.findCommit(SHOP, C, ['main'])).toBe('unreachable');
    expect(github.calls().filter((call) => call.includes('/compare/'))).toHaveLength(3);
  });

  it('may be on one of so many branches that not all are looked at', async () => {
    const many = Array.from({ length: 150 }, (_, index) => ({ name: `b${index}`, commit: { sha: B } }));
    const { source, github } = start({ ...lists, [at('/branches?per_page=100&page=1')]: () => many });
    expect(await source.findCommit(SHOP, C, [])).toBe('unknown');
    expect(github.calls()).toHaveLength(102);
  });
});

describe('a pull request', () => {
  const reading = async (headRepository: object | null) => {
    const { source } = start({
      [at('/pulls/7')]: () => ({
        number: 7,
        state: 'open',
        base: { ref: 'main', repo: { id: 1 } },
        head: { ref: 'feature', sha: C, repo: headRepository },
      }),
      [at(`/git/commits/${C}`)]: () => ({ message: 'try it [skip ci]' }),
    });
    return source.pullRequest(SHOP, 7);
  };

  it('is read with the commit at its head', async () => {
    expect(await reading({ id: 1 })).toEqual({
      number: 7,
      state: 'open',
      into: 'main',
      branch: 'feature',
      isFork: false,
      head: { commit: C, message: 'try it [skip ci]' },
    });
  });

  it('is of a fork if its commits are of another repository, even of one that is gone', async () => {
    expect(await reading({ id: 2 })).toMatchObject({ isFork: true });
    expect(await reading(null)).toMatchObject({ isFork: true });
  });

  it('is undefined if there is none of that number', async () => {
    const { source } = start({ [at('')]: () => ({}) });
    expect(await source.pullRequest(SHOP, 8)).toBeUndefined();
  });
});

describe('a plan', () => {
  const trees = (services: number) => {
    const all = Array.from({ length: services }, (_, index) => file(`s${index}/serverless.yml`));
    return {
      [at(`/git/trees/${C}?recursive=1`)]: () => aTree(file('seed.yml'), ...all),
      [at(`/git/trees/${B}?recursive=1`)]: () => aTree(file('seed.yml', 'old'), ...all),
      [at(`/contents/seed.yml?ref=${C}`)]: () => new Response('phases: []'),
    };
  };

  it.each([1, 1000])('takes as many calls for %d services', async (services) => {
    const { source, github } = start(trees(services));
    const [files, text] = await Promise.all([source.listFiles(SHOP, C), source.readFile(SHOP, C, 'seed.yml')]);
    const changed = await Promise.all([source.changedFiles(SHOP, B, C), source.changedFiles(SHOP, B, C)]);
    expect([files.length, text, ...changed]).toEqual([services + 1, 'phases: []', ['seed.yml'], ['seed.yml']]);
    expect(github.calls().sort()).toEqual([
      at(`/contents/seed.yml?ref=${C}`),
      at(`/git/trees/${B}?recursive=1`),
      at(`/git/trees/${C}?recursive=1`),
    ]);
  });

  it('of a later commit has the tree of the earlier one', async () => {
    const { source, github } = start(trees(1));
    await source.listFiles(SHOP, B);
    await source.changedFiles(SHOP, B, C);
    expect(github.seen).toHaveLength(2);
  });

  it('reads a tree again after it could not be read', async () => {
    const { source, github } = start(trees(1));
    const tree = at(`/git/trees/${C}?recursive=1`);
    const known = github.routes[tree]!;
    github.routes[tree] = () => anError(401, 'Bad credentials');
    await expect(source.listFiles(SHOP, C)).rejects.toMatchObject({ code: 'SourceAccessDenied' });
    github.routes[tree] = known;
    expect(await source.listFiles(SHOP, C)).toHaveLength(2);
  });
});

describe('a file', () => {
  const reading = (...entries: object[]) =>
    start({
      [at('')]: () => ({}),
      [at(`/git/trees/${C}`)]: () => aTree(...entries),
      [at(`/contents/seed.yml?ref=${C}`)]: () => new Response('größe', { headers: { 'content-type': 'text/x' } }),
    }).source.readFile(SHOP, C, 'seed.yml');

  it('is read as text', async () => expect(await reading(file('seed.yml'))).toBe('größe'));
  it('is none if it is a symbolic link', async () =>
    expect(await reading(file('seed.yml', 'sha', '120000'))).toBeUndefined());
  it('is none if it is a submodule', async () =>
    expect(await reading({ path: 'seed.yml', mode: '160000', type: 'commit', sha: '1' })).toBeUndefined());
  it('is none if it is not there', async () => expect(await reading()).toBeUndefined());

  it('of a commit that is not there: says so', async () => {
    const { source } = start({ [at('')]: () => ({}) });
    await expect(source.readFile(SHOP, C, 'seed.yml')).rejects.toMatchObject({ code: 'CommitNotFound' });
  });
});

describe('credentials for cloning', () => {
  it('are the token itself, for an hour, if there is no App', async () => {
    const { cloneToken } = gitHubSource(clientsOf(gitHubDouble()), () => Date.parse('2030-01-01T00:00:00Z'));
    expect(await cloneToken(SHOP)).toEqual({ token: A_TOKEN.token, until: '2030-01-01T01:00:00.000Z' });
  });

  it('are not part of the URL', async () => {
    const clone_url = 'https://github.com/acme/shop.git';
    const { source } = start({ [at('')]: () => ({ clone_url }) });
    expect(await source.cloneUrl(SHOP)).toBe(clone_url);
  });
});
