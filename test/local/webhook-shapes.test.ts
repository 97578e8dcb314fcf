import { PullRequestPayload, PushPayload } from '../../lambdas/trigger/handle-delivery';
import { eventually, PATIENCE } from './a-cloud';
import { type AClone, type AGitHub, type AReceiver, aGitHub, aReceiver, aRepository } from './a-github';
import { fieldsOf, fieldsRead } from './fields';
import { findings } from './webhook-schemas';

jest.setTimeout(PATIENCE);

describe('webhooks of the double of GitHub, and Octokit’s schemas of those of GitHub', () => {
  let at: AGitHub;
  let receiver: AReceiver;
  let shop: AClone;
  let sent: readonly { readonly name: string; readonly payload: object }[];

  const push = (what: string) => shop.git('push', '--quiet', 'origin', what);

  /** A branch comes and goes, and a pull request from it lives through all that the platform hears of. */
  beforeAll(async () => {
    at = await aGitHub();
    receiver = await aReceiver();
    shop = await aRepository(at, 'acme/shop');
    await at.ada.createHook('acme/shop', { url: receiver.url, secret: 'hush', events: ['push', 'pull_request'] });
    await shop.commit('one', { a: '1' });
    await push('HEAD:main');
    await push('HEAD:next');
    await shop.commit('two', { b: '2' });
    await push('HEAD:feature');
    const { number } = await at.ada.openPullRequest('acme/shop', { title: 'Two', head: 'feature', base: 'main' });
    await shop.commit('three', { b: '3' });
    await push('HEAD:feature');
    const change = (body: object) => at.call('PATCH', `/repos/acme/shop/pulls/${number}`, { body });
    await change({ base: 'next' });
    await change({ state: 'closed' });
    await change({ state: 'open' });
    await push(':feature');
    sent = await eventually(async () => {
      const named = receiver.all.map(({ event, payload }) => ({
        name: `${event}$${payload.action ?? 'event'}`,
        payload,
      }));
      // The ping; five pushes; opened, synchronize, edited, closed, reopened, closed.
      return named.length >= 12 ? named : undefined;
    });
  });
  afterAll(async () => {
    await at.stop();
    await receiver.stop();
  });

  const EVENTS = [
    ['push$event', PushPayload],
    ...['opened', 'synchronize', 'edited', 'closed', 'reopened'].map(
      (action) => [`pull_request$${action}`, PullRequestPayload] as const,
    ),
  ] as const;

  /** @returns all payloads of an event; there is one at least */
  function payloadsOf(event: string): readonly object[] {
    const payloads = sent.filter(({ name }) => name === event).map(({ payload }) => payload);
    expect(payloads).not.toEqual([]);
    return payloads;
  }

  it.each(EVENTS)('the double sends nothing that GitHub does not: %s', (event) => {
    for (const payload of payloadsOf(event)) {
      expect(findings(event, payload, 'none')).toEqual([]);
      expect(findings(event, { ...payload, made: 'up' }, 'none')).toHaveLength(1);
    }
  });

  it.each(EVENTS)('the double sends what the platform reads, where GitHub does: %s', (event, schema) => {
    const read = fieldsRead(schema);
    for (const payload of payloadsOf(event)) {
      expect(required(findings(event, payload, 'as GitHub')).filter((path) => read.has(path))).toEqual([]);
    }
  });

  it('the double tells of an edit what it has changed', () => {
    expect(payloadsOf('pull_request$edited')).toEqual([
      expect.objectContaining({ changes: { base: { ref: { from: 'main' }, sha: { from: expect.any(String) } } } }),
    ]);
  });

  it.each(EVENTS)('the platform requires nothing that GitHub may leave out: %s', (event, schema) => {
    const paths = [...fieldsRead(schema)].filter(([, field]) => field.required).map(([path]) => path);
    expect(paths).toContain('repository.full_name');
    for (const payload of payloadsOf(event)) {
      for (const path of paths.filter((each) => fieldsOf(payload).has(each))) {
        expect(required(findings(event, lacking(payload, path), 'as GitHub'))).toContain(path);
      }
    }
  });
});

/** @returns the paths of what is required and is not there */
const required = (errors: ReturnType<typeof findings>): readonly string[] =>
  errors
    .filter(({ keyword }) => keyword === 'required')
    .map(({ instancePath, params }) => [...instancePath.split('/').slice(1), params.missingProperty].join('.'));

/** @returns a copy without one field */
function lacking(payload: unknown, path: string): unknown {
  const copy = structuredClone(payload);
  const names = path.split('.');
  const last = names.pop()!;
  delete names.reduce((inner, name) => inner[name] as Record<string, unknown>, copy as Record<string, unknown>)[last];
  return copy;
}
