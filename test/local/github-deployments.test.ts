import { Octokit } from '@octokit/core';
import { PATIENCE } from './a-cloud';
import { type AClone, type AGitHub, aGitHub, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

describe('what the double of GitHub keeps of commits', () => {
  let at: AGitHub;
  let octokit: Octokit;
  let shop: AClone;
  let sha: string;
  let made = 0;
  const of = () => ({ owner: 'acme', repo: `shop${made}` });
  const path = () => `/repos/acme/shop${made}`;

  beforeAll(async () => {
    at = await aGitHub();
    octokit = new Octokit({ baseUrl: at.apiUrl, auth: 'ada' });
  });
  afterAll(() => at.stop());
  beforeEach(async () => {
    made += 1;
    shop = await aRepository(at, `acme/shop${made}`);
    sha = await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
  });

  it('are statuses, newest first', async () => {
    const route = 'POST /repos/{owner}/{repo}/statuses/{sha}';
    const context = 'seedbed/dev';
    const target_url = 'https://example.com/x';
    await octokit.request(route, { ...of(), sha, state: 'pending', context });
    await octokit.request(route, { ...of(), sha, state: 'success', context, description: 'all', target_url });
    await octokit.request(route, { ...of(), sha, state: 'pending', context: 'other' });
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ...of(), ref: sha });
    expect(data.map((status) => [status.context, status.state, status.description, status.target_url])).toEqual([
      ['other', 'pending', null, null],
      [context, 'success', 'all', target_url],
      [context, 'pending', null, null],
    ]);
  });

  it.each([
    ['a state that is none', { state: 'done' }, { field: 'state', code: 'invalid' }],
    [
      'too long a description',
      { state: 'success', description: 'x'.repeat(141) },
      { field: 'description', message: 'description is too long (maximum is 140 characters)' },
    ],
  ])('are not statuses with %s', async (_, body, error) => {
    const answer = await at.call('POST', `${path()}/statuses/${sha}`, { body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [error] } });
  });

  it('are deployments, and how they go', async () => {
    const made = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
      ...of(),
      ref: sha,
      environment: 'dev',
      auto_merge: false,
      required_contexts: [],
      payload: { release: 'r1' },
      production_environment: false,
    });
    expect(made).toMatchObject({
      status: 201,
      data: {
        sha,
        ref: sha,
        task: 'deploy',
        environment: 'dev',
        payload: { release: 'r1' },
        creator: { login: 'ada' },
      },
    });
    const { id: deployment_id } = made.data as { id: number };
    const statuses = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    const at_url = { environment_url: 'https://dev.example.com', log_url: 'https://example.com/log' };
    await octokit.request(`POST ${statuses}`, { ...of(), deployment_id, state: 'in_progress' });
    await octokit.request(`POST ${statuses}`, { ...of(), deployment_id, state: 'success', ...at_url });
    const { data } = await octokit.request(`GET ${statuses}`, { ...of(), deployment_id });
    expect(data.map(({ state, environment }) => [state, environment])).toEqual([
      ['success', 'dev'],
      ['in_progress', 'dev'],
    ]);
    expect(data[0]).toMatchObject(at_url);
  });

  it('are deployments that become inactive when a later one of their environment succeeds', async () => {
    const deploy = async (more = {}) => {
      const body = { ref: 'main', environment: 'dev', ...more };
      const { id } = (await at.call('POST', `${path()}/deployments`, { body })).body;
      await at.call('POST', `${path()}/deployments/${id}/statuses`, { body: { state: 'success' } });
      return id;
    };
    const state = async (id: number) => (await at.ada.deploymentStatuses(`acme/shop${made}`, id))[0]?.state;
    const first = await deploy();
    const other = await deploy({ environment: 'prod' });
    const transient = await deploy({ transient_environment: true });
    const last = await deploy();
    expect(await Promise.all([first, other, transient, last].map(state))).toEqual([
      'inactive',
      'success',
      'success',
      'success',
    ]);
    const listed = (await at.call('GET', `${path()}/deployments?environment=dev&per_page=2`)).body;
    expect(listed.map(({ id }: { id: number }) => id)).toEqual([last, transient]);
  });

  it('are not deployed while statuses are unsuccessful, unless none is required', async () => {
    await at.call('POST', `${path()}/statuses/${sha}`, { body: { state: 'pending', context: 'seedbed/dev' } });
    const body = { ref: 'main' };
    expect(await at.call('POST', `${path()}/deployments`, { body })).toMatchObject({
      status: 409,
      body: { message: 'Conflict: Commit status checks failed for main.' },
    });
    const free = await at.call('POST', `${path()}/deployments`, { body: { ...body, required_contexts: [] } });
    expect(free.status).toBe(201);
  });

  it('are not deployed from a branch that is behind, unless merging is off', async () => {
    await shop.git('push', '--quiet', 'origin', 'HEAD:behind');
    await shop.commit('two');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    const body = { ref: 'behind' };
    expect((await at.call('POST', `${path()}/deployments`, { body })).body.message).toBe(
      'Conflict merging main into behind.',
    );
    const free = await at.call('POST', `${path()}/deployments`, { body: { ...body, auto_merge: false } });
    expect(free.status).toBe(201);
  });
});
