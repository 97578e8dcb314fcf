import { createHmac } from 'node:crypto';
import { signatureHeaders } from '../../lib/local/github/webhooks/webhooks';
import { eventually, PATIENCE } from './a-cloud';
import { type AClone, type AGitHub, type AReceiver, aGitHub, aReceiver, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

const NOTHING = '0'.repeat(40);

describe('webhooks of the double of GitHub', () => {
  let at: AGitHub;
  let receiver: AReceiver;
  let shop: AClone;
  let hook: number;

  beforeAll(async () => {
    at = await aGitHub();
    receiver = await aReceiver();
  });
  afterAll(async () => {
    await at.stop();
    await receiver.stop();
  });

  let made = 0;
  beforeEach(async () => {
    made += 1;
    receiver.answers = 202;
    await at.ada.control({ clear: true });
    shop = await aRepository(at, `acme/shop${made}`);
    const events = ['push', 'pull_request', 'create', 'delete'];
    hook = await at.ada.createHook(name(), { url: receiver.url, secret: 'hush', events });
    await at.github.settled(); // the ping
    receiver.forget();
  });
  const name = () => `acme/shop${made}`;
  const events = async (count: number, event: string) =>
    eventually(async () => {
      const found = receiver.all.filter((one) => one.event === event);
      return found.length >= count ? found : undefined;
    });

  it('are signed as documented', () => {
    // The test vector of "Validating webhook deliveries" in GitHub's documentation.
    const headers = signatureHeaders("It's a Secret to Everybody", 'Hello, World!');
    expect(headers['x-hub-signature-256']).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  it('report a push with everything that GitHub sends', async () => {
    const first = await shop.commit('first', { 'a.txt': '1', 'services/orders/list.ts': 'list' });
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await events(1, 'push');
    const second = await shop.commit('second\n\nwith a body', { 'a.txt': '2', 'b.txt': 'new' });
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    const [created, pushed] = await events(2, 'push');

    expect(created?.payload).toMatchObject({
      ref: 'refs/heads/main',
      before: NOTHING,
      after: first,
      created: true,
      deleted: false,
      forced: false,
    });
    expect(pushed?.payload).toMatchObject({
      ref: 'refs/heads/main',
      before: first,
      after: second,
      created: false,
      deleted: false,
      forced: false,
      base_ref: null,
      pusher: { name: 'ada' },
      sender: { login: 'ada', type: 'User' },
      repository: { full_name: name(), default_branch: 'main', private: false, owner: { login: 'acme' } },
      commits: [
        {
          id: second,
          message: 'second\n\nwith a body',
          author: { name: 'Ada', email: 'ada@example.com' },
          added: ['b.txt'],
          removed: [],
          modified: ['a.txt'],
        },
      ],
      head_commit: { id: second },
    });
    expect(pushed?.headers).toMatchObject({
      'x-github-event': 'push',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-github-hook-id': String(hook),
      'x-github-hook-installation-target-type': 'repository',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', 'hush')
        .update(pushed?.raw ?? '')
        .digest('hex')}`,
    });
  });

  it('report new, moved, forced and deleted branches, and tags', async () => {
    const one = await shop.commit('one', { a: '1' });
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await events(1, 'push');
    await shop.git('push', '--quiet', 'origin', 'HEAD:feature/x');
    await events(2, 'push');
    const two = await shop.commit('two', { a: '2' });
    await shop.git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'tag', '-a', 'v1', '-m', 'version one');
    const tag = await shop.git('rev-parse', 'v1');
    await shop.git('push', '--quiet', 'origin', 'v1');
    await events(3, 'push');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await events(4, 'push');
    await shop.git('push', '--quiet', '--force', 'origin', `${one}:main`);
    await events(5, 'push');
    await shop.git('push', '--quiet', 'origin', '--delete', 'feature/x');
    const told = (await events(6, 'push')).map(({ payload }) => [
      payload.ref,
      payload.before,
      payload.after,
      payload.head_commit?.id,
      payload.commits.length,
      ['created', 'deleted', 'forced'].filter((word) => payload[word]).join(),
      payload.base_ref,
    ]);
    expect(told).toEqual([
      ['refs/heads/main', NOTHING, one, one, 1, 'created', null],
      ['refs/heads/feature/x', NOTHING, one, one, 0, 'created', 'refs/heads/main'],
      ['refs/tags/v1', NOTHING, tag, two, 0, 'created', null],
      ['refs/heads/main', one, two, two, 1, '', null],
      ['refs/heads/main', two, one, one, 0, 'forced', null],
      ['refs/heads/feature/x', one, NOTHING, undefined, 0, 'deleted', null],
    ]);
    const [created] = (await events(3, 'create')).filter(({ payload }) => payload.ref_type === 'tag');
    expect(created?.payload).toMatchObject({ ref: 'v1', master_branch: 'main' });
    const [deleted] = await events(1, 'delete');
    expect(deleted?.payload).toMatchObject({ ref: 'feature/x', ref_type: 'branch' });
  });

  it('are late on request', async () => {
    await at.ada.control({ faults: { webhookDelayMs: 400 } });
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    expect(receiver.all).toEqual([]);
    await eventually(async () => {
      at.clock.windOn(400);
      return receiver.all.some(({ event }) => event === 'push') || undefined;
    });
  });

  it('do not report tags if more than three are pushed at once', async () => {
    await shop.commit('one');
    for (const tag of ['a', 'b', 'c', 'd']) await shop.git('tag', tag);
    await shop.git('push', '--quiet', 'origin', 'HEAD:main', '--tags');
    await at.github.settled();
    expect((await events(1, 'push')).map(({ payload }) => payload.ref)).toEqual(['refs/heads/main']);
  });

  it('arrive at once after the push', async () => {
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    // Nobody winds the clock on: who waited for a moment would never send.
    await events(1, 'push');
  });

  it('have the form of a form if the hook asks for that', async () => {
    const config = { url: receiver.url.replace('/github', '/form'), content_type: 'form', secret: 's' };
    await at.ada.rest('POST', `/repos/${name()}/hooks`, { config, events: ['push'] });
    const [ping] = await events(1, 'ping');
    expect(ping?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(ping?.payload).toMatchObject({ zen: expect.any(String), hook: { events: ['push'] } });
    expect(ping?.headers['x-hub-signature-256']).toBe(signatureHeaders('s', ping?.raw ?? '')['x-hub-signature-256']);
  });

  it('are sent once: failures are listed, and delivered again, with the same id, on request', async () => {
    receiver.answers = 500;
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    const [failed] = await events(1, 'push');
    await at.github.settled();
    receiver.answers = 202;
    const path = `/repos/${name()}/hooks/${hook}/deliveries`;
    const listed = (await at.call('GET', path)).body;
    const delivery = listed.find(({ event }: { event: string }) => event === 'push');
    expect(delivery).toMatchObject({
      guid: failed?.headers['x-github-delivery'],
      status: 'Invalid HTTP Response: 500',
      status_code: 500,
      redelivery: false,
      repository_id: failed?.payload.repository.id,
    });
    expect((await at.call('POST', `${path}/${delivery.id}/attempts`)).status).toBe(202);
    const again = (await events(2, 'push'))[1];
    expect(again?.raw).toBe(failed?.raw);
    expect(again?.headers['x-github-delivery']).toBe(failed?.headers['x-github-delivery']);
    await at.github.settled();
    expect((await at.call('GET', path)).body[0]).toMatchObject({ redelivery: true, status: 'OK', status_code: 202 });
  });

  it('get lost on request', async () => {
    await at.ada.control({ faults: { dropWebhooks: 2 } });
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main'); // `push` and `create`
    await at.github.settled();
    await shop.commit('two');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    expect((await events(1, 'push'))[0]?.payload.created).toBe(false);
    const listed = (await at.call('GET', `/repos/${name()}/hooks/${hook}/deliveries?status=failure`)).body;
    expect(listed.map(({ status }: { status: string }) => status)).toEqual(Array(2).fill('failed to connect to host'));
  });

  it('count as missed if the receiver does not answer in time', async () => {
    await at.ada.control({ limits: { webhookTimeoutMs: 1000 } });
    receiver.answers = null;
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main'); // `push` and `create`
    await receiver.arrived(2);
    at.clock.windOn(1000);
    await at.github.settled();
    const listed = (await at.call('GET', `/repos/${name()}/hooks/${hook}/deliveries`)).body;
    expect(listed[0]).toMatchObject({ status: 'timed out', status_code: 0 });
    expect(receiver.all.filter(({ event }) => event === 'push')).toHaveLength(1);
  });

  it('are not sent at all when they are too large', async () => {
    await at.ada.control({ limits: { payloadBytes: 500 } });
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await at.github.settled();
    expect(receiver.all).toEqual([]);
  });

  it('show how they are set and answered, but no secret, and end with their hook', async () => {
    const [shown] = (await at.call('GET', `/repos/${name()}/hooks`)).body;
    expect(shown).toMatchObject({
      active: true,
      config: { url: receiver.url, content_type: 'json', secret: '********' },
      last_response: { code: 202, status: 'active', message: 'OK' },
    });
    expect((await at.call('DELETE', `/repos/${name()}/hooks/${hook}`)).status).toBe(204);
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main');
    await at.github.settled();
    expect(receiver.all).toEqual([]);
    expect((await at.call('GET', `/repos/${name()}/hooks`)).body).toEqual([]);
  });

  it('are sent only by active hooks, and only for their events', async () => {
    const config = { url: `${receiver.url}/other`, content_type: 'json' };
    await at.ada.rest('POST', `/repos/${name()}/hooks`, { config, events: ['push'], active: false });
    await shop.commit('one');
    await shop.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:refs/tags/v1');
    await at.github.settled();
    expect(receiver.all.map(({ event }) => event).sort()).toEqual(['create', 'create', 'push', 'push']);
  });

  it.each([
    ['no URL', { config: { content_type: 'json' } }, { field: 'config.url', code: 'missing_field' }],
    ['a URL that is none', { config: { url: 'x' } }, { field: 'config.url', code: 'invalid' }],
  ])('are refused with %s', async (_, body, error) => {
    const answer = await at.call('POST', `/repos/${name()}/hooks`, { body });
    expect(answer).toMatchObject({ status: 422, body: { message: 'Validation Failed', errors: [error] } });
  });

  it('are refused twice to the same URL', async () => {
    const config = { url: receiver.url };
    const body = { config, events: ['push', 'pull_request', 'create', 'delete'] };
    const answer = await at.call('POST', `/repos/${name()}/hooks`, { body });
    expect(answer.body.errors).toEqual([
      { resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' },
    ]);
  });
});
