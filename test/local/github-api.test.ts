import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Octokit } from '@octokit/core';
import { PATIENCE, run } from './a-cloud';
import { type AClone, type AGitHub, aClone, aGitHub, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

const NEVER = '1'.repeat(40);

describe('the REST API of the double of GitHub', () => {
  let at: AGitHub;
  let octokit: Octokit;
  let shop: AClone;
  let first: string;
  let second: string;
  let side: string;
  const of = { owner: 'acme', repo: 'shop' };

  beforeAll(async () => {
    at = await aGitHub();
    octokit = new Octokit({ baseUrl: at.apiUrl, auth: 'ada' });
    shop = await aRepository(at, 'acme/shop', { private: true });
    const script = 'echo a script that is long enough to be found again after a rename\n';
    await symlink('services/orders/list.ts', join(shop.directory, 'link'));
    first = await shop.commit('first', { 'services/orders/list.ts': 'list', 'old.sh': script });
    await shop.git('branch', 'feature/x');
    await shop.git('mv', 'old.sh', 'new.sh');
    second = await shop.commit('second', { 'services/orders/list.ts': 'list better\n', 'ünïcode näme.txt': 'added' });
    await shop.git('checkout', '--quiet', 'feature/x');
    side = await shop.commit('side', { side: '1' });
    await shop.git('-c', 'user.name=Ada', '-c', 'user.email=a@example.com', 'tag', '-a', 'v1', '-m', 'one', first);
    await shop.git('push', '--quiet', 'origin', 'main', 'feature/x', 'v1');
    await shop.git('checkout', '--quiet', 'main');
  });
  afterAll(() => at.stop());
  afterEach(() => at.ada.control({ clear: true }));

  it('describes a repository', async () => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}', of);
    expect(data).toMatchObject({
      full_name: 'acme/shop',
      private: true,
      fork: false,
      default_branch: 'main',
      owner: { login: 'acme', type: 'Organization' },
      clone_url: `${at.endpoint}/_github/git/acme/shop.git`,
    });
    const byId = await octokit.request('GET /repositories/{id}', { id: data.id });
    expect(byId.data.full_name).toBe('acme/shop');
  });

  it('gives the head of a branch, also with a slash in its name, and of a tag', async () => {
    const main = await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...of, branch: 'main' });
    expect(main.data).toMatchObject({
      name: 'main',
      commit: {
        sha: second,
        commit: { message: 'second', author: { name: 'Ada', email: 'ada@example.com' } },
        parents: [{ sha: first }],
      },
      protected: false,
    });
    const slash = await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...of, branch: 'feature/x' });
    expect(slash.data.commit.sha).toBe(side);
    const ref = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...of, ref: 'tags/v1' });
    expect(ref.data).toMatchObject({ ref: 'refs/tags/v1', object: { type: 'tag' } });
    const tag_sha = ref.data.object.sha;
    const tag = await octokit.request('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { ...of, tag_sha });
    expect(tag.data).toMatchObject({
      tag: 'v1',
      message: 'one',
      tagger: { name: 'Ada' },
      object: { type: 'commit', sha: first },
    });
  });

  it('lists branches page by page', async () => {
    const one = await octokit.request('GET /repos/{owner}/{repo}/branches', { ...of, per_page: 1 });
    expect(one.data.map(({ name, commit }) => [name, commit.sha])).toEqual([['feature/x', side]]);
    expect(one.headers.link).toBe(
      ['next', 'last']
        .map((rel) => `<${at.apiUrl}/repos/acme/shop/branches?per_page=1&page=2>; rel="${rel}"`)
        .join(', '),
    );
    const two = await octokit.request('GET /repos/{owner}/{repo}/branches', { ...of, per_page: 1, page: 2 });
    expect(two.data.map(({ name }) => name)).toEqual(['main']);
    expect(two.headers.link).not.toContain('rel="next"');
  });

  it('gives a whole tree, or as much of it as the limits allow', async () => {
    const route = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}';
    const whole = await octokit.request(route, { ...of, tree_sha: second, recursive: '1' });
    expect(whole.data.truncated).toBe(false);
    expect(whole.data.tree.map(({ path, mode, type, size }) => [path, mode, type, size])).toEqual([
      ['link', '120000', 'blob', 23],
      ['new.sh', '100644', 'blob', 67],
      ['services', '040000', 'tree', undefined],
      ['services/orders', '040000', 'tree', undefined],
      ['services/orders/list.ts', '100644', 'blob', 12],
      ['ünïcode näme.txt', '100644', 'blob', 5],
    ]);
    const flat = await octokit.request(route, { ...of, tree_sha: 'main' });
    expect(flat.data.tree.map(({ path }) => path)).toEqual(['link', 'new.sh', 'services', 'ünïcode näme.txt']);
    await at.ada.control({ limits: { treeEntries: 2 } });
    const cut = await octokit.request(route, { ...of, tree_sha: second, recursive: '1' });
    expect(cut.data).toMatchObject({ truncated: true, tree: [{ path: 'link' }, { path: 'new.sh' }] });
  });

  it('gives files as JSON, raw, and through a link', async () => {
    const route = 'GET /repos/{owner}/{repo}/contents/{path}';
    const path = 'services/orders/list.ts';
    const { data } = await octokit.request(route, { ...of, path, ref: first });
    expect(data).toMatchObject({
      type: 'file',
      path,
      name: 'list.ts',
      size: 4,
      encoding: 'base64',
      content: 'bGlzdA==\n',
    });
    const raw = { accept: 'application/vnd.github.raw+json' };
    const text = await octokit.request(route, { ...of, path, headers: raw });
    expect(text.data).toBe('list better\n');
    const linked = await octokit.request(route, { ...of, path: 'link', headers: raw });
    expect(linked.data).toBe('list better\n');
    const folder = await octokit.request(route, { ...of, path: 'services' });
    expect(folder.data).toMatchObject([{ type: 'dir', path: 'services/orders' }]);
    const named = await octokit.request(route, { ...of, path: 'ünïcode näme.txt', headers: raw });
    expect(named.data).toBe('added');
  });

  it.each([
    [404, 'Branch not found', 'branches/none'],
    [404, 'Branch not found', 'branches/main~1'],
    [404, 'Not Found', 'git/ref/tags/none'],
    [404, 'Not Found', `git/trees/${NEVER}`],
    [404, 'Not Found', 'contents/none.txt'],
    [404, 'No commit found for the ref none', 'contents/link?ref=none'],
    [404, 'Not Found', 'pulls/99'],
    [404, 'Not Found', 'no/such/route'],
    [422, `No commit found for SHA: ${NEVER}`, `commits/${NEVER}/statuses`],
    [422, 'No commit found for SHA: --all', 'commits/--all/statuses'],
  ])('answers %i %s', async (status, message, path) => {
    const answer = await at.call('GET', `/repos/acme/shop/${path}`);
    expect(answer).toMatchObject({ status, body: { message, status: String(status) } });
    expect(answer.body.documentation_url).toMatch(/^https:\/\/docs\.github\.com\/rest/);
  });

  it('shows what protects branches', async () => {
    const guarded = await aRepository(at, 'acme/guarded');
    await guarded.commit('one');
    await guarded.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:feature/x');
    const branch = async (name: string) =>
      (await at.call('GET', `/repos/acme/guarded/branches/${name}`)).body.protected;
    const rules = async (name: string) => (await at.call('GET', `/repos/acme/guarded/rules/branches/${name}`)).body;
    expect([await branch('feature/x'), await rules('feature/x')]).toEqual([false, []]);
    const rule = { type: 'required_deployments', parameters: { required_deployment_environments: ['dev'] } };
    const body = {
      name: 'features',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/feature/*'] } },
      rules: [rule],
    };
    const { id } = (await at.call('POST', '/repos/acme/guarded/rulesets', { body })).body;
    const source = { ruleset_id: id, ruleset_source_type: 'Repository', ruleset_source: 'acme/guarded' };
    expect([await branch('feature/x'), await rules('feature/x')]).toEqual([true, [{ ...rule, ...source }]]);
    expect([await branch('main'), await rules('main')]).toEqual([false, []]);
    const protection = '/repos/acme/guarded/branches/main/protection';
    const settings = { required_status_checks: { strict: true, contexts: ['seedbed/dev'] }, enforce_admins: null };
    expect((await at.call('PUT', protection, { body: settings })).body).toMatchObject(settings);
    expect(await branch('main')).toBe(true);
  });

  it('makes an archived repository read-only', async () => {
    const old = await aRepository(at, 'acme/old');
    const sha = await old.commit('one');
    await old.git('push', '--quiet', 'origin', 'HEAD:main');
    await at.call('PATCH', '/repos/acme/old', { body: { archived: true } });
    expect((await at.call('GET', '/repos/acme/old')).body.archived).toBe(true);
    const status = await at.call('POST', `/repos/acme/old/statuses/${sha}`, { body: { state: 'success' } });
    expect(status).toMatchObject({ status: 403, body: { message: 'Repository was archived so is read-only.' } });
    await old.commit('two');
    await expect(old.git('push', '--quiet', 'origin', 'HEAD:main')).rejects.toThrow('403');
    expect((await at.call('PATCH', '/repos/acme/old', { body: { archived: false } })).status).toBe(200);
    await old.git('push', '--quiet', 'origin', 'HEAD:main');
  });

  it('says that an empty repository is empty', async () => {
    await at.ada.createRepository('acme/empty');
    expect((await at.call('GET', '/repos/acme/empty/branches')).body).toEqual([]);
    expect((await at.call('GET', '/repos/acme/empty/commits/main/statuses')).body.message).toBe(
      'Git Repository is empty.',
    );
    expect((await at.call('GET', '/repos/acme/empty/git/trees/main')).status).toBe(409);
    expect((await at.call('GET', '/repos/acme/empty/branches/main')).status).toBe(404);
  });

  it('makes the first branch that is pushed the default one', async () => {
    const other = await aRepository(at, 'acme/trunk');
    await other.commit('one');
    await other.git('push', '--quiet', 'origin', 'HEAD:trunk');
    expect((await at.call('GET', '/repos/acme/trunk')).body.default_branch).toBe('trunk');
  });

  it("redirects from a repository's former name until another one takes it", async () => {
    const before = await aRepository(at, 'acme/before');
    const head = await before.commit('one');
    await before.git('push', '--quiet', 'origin', 'HEAD:main');
    const { id } = (await at.call('PATCH', '/repos/acme/before', { body: { name: 'after' } })).body;
    const moved = await at.call('GET', '/repos/acme/before/branches/main');
    expect(moved).toMatchObject({ status: 301, body: { message: 'Moved Permanently' } });
    expect(moved.headers.get('location')).toBe(`${at.apiUrl}/repositories/${id}/branches/main`);
    const route = 'GET /repos/{owner}/{repo}/branches/{branch}';
    const followed = await octokit.request(route, { owner: 'acme', repo: 'before', branch: 'main' });
    expect(followed.data.commit.sha).toBe(head);
    expect(await before.git('ls-remote', 'origin', 'refs/heads/main')).toContain(head);
    await at.ada.createRepository('acme/before');
    expect((await at.call('GET', '/repos/acme/before')).body.id).not.toBe(id);
    expect((await at.call('GET', '/repos/acme/after')).body.id).toBe(id);
  });

  it('refuses a name that is taken, and deletes repositories', async () => {
    await at.ada.createRepository('acme/mine');
    const again = await at.call('POST', '/orgs/acme/repos', { body: { name: 'mine' } });
    expect(again.body.errors).toEqual([
      { resource: 'Repository', code: 'custom', message: 'name already exists on this account' },
    ]);
    expect((await at.call('DELETE', '/repos/acme/mine')).status).toBe(204);
    expect((await at.call('GET', '/repos/acme/mine')).status).toBe(404);
  });

  it('neither sends nor counts again what the caller has already', async () => {
    const one = await at.call('GET', '/repos/acme/shop');
    const headers = { 'if-none-match': one.headers.get('etag') ?? '' };
    const two = await at.call('GET', '/repos/acme/shop', { headers });
    expect([one.status, two.status, two.body]).toEqual([200, 304, '']);
    expect(two.headers.get('x-ratelimit-used')).toBe(one.headers.get('x-ratelimit-used'));
  });

  it('refuses calls without a user agent, and what is not JSON', async () => {
    expect((await at.call('GET', '/user', { headers: { 'user-agent': '' } })).status).toBe(403);
    const answer = await fetch(`${at.apiUrl}/orgs/acme/repos`, {
      method: 'POST',
      headers: { authorization: 'token ada' },
      body: '{',
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { message: 'Problems parsing JSON' }]);
  });

  it('counts calls by their documented route', async () => {
    await at.ada.forgetCalls();
    await at.call('GET', '/repos/acme/shop/branches/main');
    await at.call('GET', '/repos/acme/shop/branches/none');
    await at.call('GET', '/nothing');
    await run('git', ['ls-remote', at.ada.gitUrl('acme/shop')]);
    expect(await at.ada.calls()).toEqual([
      { route: 'GET /nothing', count: 1, errors: 1 },
      { route: 'GET /repos/{owner}/{repo}/branches/{branch}', count: 2, errors: 1 },
      { route: 'git-upload-pack', count: expect.any(Number), errors: expect.any(Number) },
    ]);
  });

  it('can be cloned at a depth of one, fetched by commit and without file contents', async () => {
    const clone = join(at.work, 'shallow');
    await run('git', ['clone', '--quiet', '--depth', '1', at.ada.gitUrl('acme/shop'), clone]);
    await run('git', ['-C', clone, 'fetch', '--quiet', '--depth', '1', 'origin', first]);
    expect((await run('git', ['-C', clone, 'show', `${first}:services/orders/list.ts`])).stdout).toBe('list');
    const partial = await aClone(at, 'acme/shop');
    await partial.git('fetch', '--quiet', '--filter=blob:none', 'origin', 'feature/x');
  });
});
