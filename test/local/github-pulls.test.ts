import { Octokit } from '@octokit/core';
import { eventually, PATIENCE } from './a-cloud';
import { type AClone, type AGitHub, type AReceiver, aClone, aGitHub, aReceiver, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

describe('pull requests of the double of GitHub', () => {
  let at: AGitHub;
  let receiver: AReceiver;
  let octokit: Octokit;
  let shop: AClone;
  let main: string;
  let feature: string;
  let made = 0;
  const of = () => ({ owner: 'acme', repo: `shop${made}` });
  const name = () => `acme/shop${made}`;
  const told = async (count: number) =>
    eventually(async () => {
      const found = receiver.all.filter(({ event }) => event === 'pull_request');
      return found.length >= count ? found.map(({ payload }) => payload) : undefined;
    });

  beforeAll(async () => {
    at = await aGitHub();
    receiver = await aReceiver();
    octokit = new Octokit({ baseUrl: at.apiUrl, auth: 'ada' });
  });
  afterAll(async () => {
    await at.stop();
    await receiver.stop();
  });
  beforeEach(async () => {
    made += 1;
    shop = await aRepository(at, name());
    main = await shop.commit('main', { a: '1' });
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await shop.git('checkout', '--quiet', '-b', 'feature');
    feature = await shop.commit('feature', { b: '1' });
    await shop.git('push', '--quiet', 'origin', 'feature');
    await at.github.settled();
    receiver.forget();
    await at.ada.createHook(name(), { url: receiver.url, secret: 'hush', events: ['pull_request', 'push'] });
  });
  const open = (more = {}) =>
    at.ada.openPullRequest(name(), { title: 'Feature', head: 'feature', base: 'main', ...more });

  it('are opened, which hooks are told', async () => {
    const pull = await open();
    expect(pull).toMatchObject({
      number: 1,
      state: 'open',
      merged: false,
      head: { sha: feature },
      base: { sha: main },
    });
    const [opened] = await told(1);
    expect(opened).toMatchObject({
      action: 'opened',
      number: 1,
      pull_request: {
        title: 'Feature',
        user: { login: 'ada' },
        head: { ref: 'feature', sha: feature, label: 'acme:feature', repo: { full_name: name(), fork: false } },
        base: { ref: 'main', sha: main, repo: { full_name: name() } },
      },
      repository: { full_name: name() },
      sender: { login: 'ada' },
    });
    expect(await at.ada.pullRequest(name(), 1)).toEqual(pull);
    expect(await shop.git('ls-remote', 'origin', 'refs/pull/1/head')).toContain(feature);
  });

  it('follow their branch', async () => {
    await open();
    await told(1);
    const next = await shop.commit('next', { b: '2' });
    await shop.git('push', '--quiet', 'origin', 'feature');
    const [, synchronized] = await told(2);
    expect(synchronized).toMatchObject({
      action: 'synchronize',
      before: feature,
      after: next,
      pull_request: { head: { sha: next } },
    });
    expect((await at.ada.pullRequest(name(), 1)).head.sha).toBe(next);
    await shop.git('push', '--quiet', 'origin', '--delete', 'feature');
    const [, , closed] = await told(3);
    expect(closed).toMatchObject({ action: 'closed', pull_request: { state: 'closed', merged: false } });
  });

  it('are closed and opened again', async () => {
    await open();
    expect(await at.ada.closePullRequest(name(), 1)).toMatchObject({ state: 'closed', merged: false });
    await at.ada.closePullRequest(name(), 1);
    const next = await shop.commit('next', { b: '2' });
    await shop.git('push', '--quiet', 'origin', 'feature');
    expect((await at.ada.pullRequest(name(), 1)).head.sha).toBe(feature);
    expect(await at.ada.reopenPullRequest(name(), 1)).toMatchObject({ state: 'open', head: { sha: next } });
    const actions = (await told(3)).map(({ action }) => action);
    expect(actions.sort()).toEqual(['closed', 'opened', 'reopened']);
  });

  it('are merged by a push of their commits to the base', async () => {
    await open();
    await shop.git('push', '--quiet', 'origin', 'feature:main');
    const closed = (await told(2))[1];
    expect(closed).toMatchObject({ action: 'closed', pull_request: { merged: true, merge_commit_sha: feature } });
    expect((await at.call('PATCH', `/repos/${name()}/pulls/1`, { body: { state: 'open' } })).status).toBe(422);
  });

  it('say whether they come from forks', async () => {
    const bob = 'bob';
    await at.ada.control({ tokens: [{ token: bob, login: 'bob', repositories: [`bob/shop${made}`] }] });
    expect((await at.call('POST', `/repos/${name()}/forks`, { token: bob })).status).toBe(202);
    const fork = await aClone(at, `bob/shop${made}`, bob);
    const evil = await fork.commit('evil', { evil: '1' });
    await fork.git('push', '--quiet', 'origin', 'HEAD:main');
    const body = { title: 'Please', head: 'bob:main', base: 'main' };
    const pull = (await at.call('POST', `/repos/${name()}/pulls`, { token: bob, body })).body;
    expect(pull).toMatchObject({
      user: { login: 'bob' },
      head: { sha: evil, label: 'bob:main', repo: { full_name: `bob/shop${made}`, fork: true } },
      base: { repo: { full_name: name(), fork: false } },
    });
    const next = await fork.commit('worse', { evil: '2' });
    await fork.git('push', '--quiet', 'origin', 'HEAD:main');
    expect((await told(2)).map(({ action }) => action).sort()).toEqual(['opened', 'synchronize']);
    expect(await shop.git('ls-remote', 'origin', `refs/pull/${pull.number}/head`)).toContain(next);
    await at.call('DELETE', `/repos/bob/shop${made}`, { token: bob });
    expect((await at.call('GET', `/repos/${name()}/pulls/${pull.number}`)).body.head.repo).toBe(null);
  });

  it('are listed by state and branches, page by page', async () => {
    await open();
    await shop.git('push', '--quiet', 'origin', 'feature:other');
    await open({ head: 'other' });
    await at.ada.closePullRequest(name(), 1);
    const list = async (query: string) =>
      (await at.call('GET', `/repos/${name()}/pulls${query}`)).body.map(({ number }: { number: number }) => number);
    expect(await list('')).toEqual([2]);
    expect(await list('?state=all')).toEqual([2, 1]);
    expect(await list('?state=closed')).toEqual([1]);
    expect(await list('?state=all&head=acme:feature')).toEqual([1]);
    expect(await list('?state=all&base=none')).toEqual([]);
    expect(await list('?state=all&per_page=1&page=2')).toEqual([1]);
  });

  it.each([
    ['a head that is none', { head: 'none' }, { field: 'head', code: 'invalid' }],
    ['a base that is none', { base: 'none' }, { field: 'base', code: 'invalid' }],
    ['nothing new', { head: 'main' }, { code: 'custom', message: 'No commits between main and main' }],
    ['no title', { title: undefined }, { field: 'title', code: 'missing_field' }],
  ])('are refused with %s', async (_, more, error) => {
    const body = { title: 'Feature', head: 'feature', base: 'main', ...more };
    const answer = await at.call('POST', `/repos/${name()}/pulls`, { body });
    expect(answer).toMatchObject({ status: 422, body: { message: 'Validation Failed', errors: [error] } });
  });

  it('are refused twice for one branch', async () => {
    await open();
    await expect(open()).rejects.toThrow('A pull request already exists for acme:feature.');
  });

  it('have comments that are written and changed', async () => {
    await open();
    const issue = { ...of(), issue_number: 1 };
    const route = '/repos/{owner}/{repo}/issues';
    const { data } = await octokit.request(`POST ${route}/{issue_number}/comments`, { ...issue, body: 'deploying' });
    await octokit.request(`POST ${route}/{issue_number}/comments`, { ...issue, body: 'nice' });
    const comment = { ...of(), comment_id: data.id };
    await octokit.request(`PATCH ${route}/comments/{comment_id}`, { ...comment, body: 'deployed' });
    expect(await at.ada.comments(name(), 1)).toEqual(['deployed', 'nice']);
    const missing = octokit.request(`PATCH ${route}/comments/{comment_id}`, { ...comment, comment_id: 999, body: 'x' });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });
});
