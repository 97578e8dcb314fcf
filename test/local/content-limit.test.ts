import type { Caller } from '../../lib/local/github/access/caller';
import { ContentLimit } from '../../lib/local/github/access/content-limit';
import { LIMITS } from '../../lib/local/github/http/limits';
import { type AGitHub, aGitHub, aRepository } from './a-github';

const ADA: Caller = { kind: 'user', login: 'ada' };
const BOB: Caller = { kind: 'user', login: 'bob' };

/** The limit on a clock of its own, and a way to see how many requests it takes. */
function aLimit() {
  const clock = { now: 1_000_000 };
  const limit = new ContentLimit(LIMITS, () => clock.now);
  const refusal = (caller = ADA, method = 'POST') => {
    try {
      limit.take(caller, method);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const takes = (most: number, ...of: Parameters<typeof refusal>): number => {
    for (let count = 0; count < most; count += 1) if (refusal(...of)) return count;
    return most;
  };
  return { clock, refusal, takes };
}

const after = (seconds: number) =>
  expect.objectContaining({
    status: 403,
    message: expect.stringContaining('You have exceeded a secondary rate limit'),
    more: { headers: { 'retry-after': String(seconds) } },
  });

it('takes 80 requests a minute that create content, and says when the next one can come', () => {
  const { clock, refusal, takes } = aLimit();
  expect(takes(50)).toBe(50);
  clock.now += 10_000;
  expect(takes(50)).toBe(30);
  expect(refusal()).toEqual(after(50));
  clock.now += 50_000;
  expect(takes(100)).toBe(50);
  expect(refusal()).toEqual(after(10));
});

it('takes 500 an hour', () => {
  const { clock, refusal, takes } = aLimit();
  for (let minute = 0; minute < 7; minute += 1) {
    takes(minute < 6 ? 80 : 20);
    clock.now += 60_000;
  }
  expect(refusal()).toEqual(after(3600 - 7 * 60));
});

it('counts each caller by itself, and neither what reads nor what deletes', () => {
  const { takes } = aLimit();
  expect(takes(100)).toBe(80);
  expect(takes(100, BOB)).toBe(80);
  expect(takes(100, ADA, 'GET')).toBe(100);
  expect(takes(100, ADA, 'DELETE')).toBe(100);
});

describe('the double of GitHub', () => {
  let at: AGitHub;
  beforeAll(async () => {
    at = await aGitHub();
    await aRepository(at, 'acme/shop');
  });
  afterAll(() => at.stop());

  it('refuses more content than its limit, and goes on to answer', async () => {
    await at.ada.control({ limits: { contentPerMinute: 0 } });
    const refused = await at.call('POST', '/repos/acme/shop/issues/1/comments', { body: { body: 'one too many' } });
    expect(refused).toMatchObject({ status: 403, body: { message: expect.stringContaining('secondary rate limit') } });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await at.call('GET', '/repos/acme/shop')).status).toBe(200);
  });
});
