import { randomInt } from 'node:crypto';
import type { CallRequest, CallTurn } from '../../lib/core/contracts/call-reservations';
import type { CallBudget } from '../../lib/ports/call-budget';

const aPlace = () => ({ account: String(randomInt(200_000_000_000, 280_000_000_000)), region: 'eu-central-1' });
const request = (calls: number, more: Partial<CallRequest> = {}): CallRequest => ({
  id: 'release',
  rank: 'configured',
  calls,
  since: Date.now(),
  ...more,
});
const beginsOf = (turn: CallTurn): readonly number[] => ('begins' in turn ? turn.begins : []);

/** What every adapter of the port CallBudget does. @param make makes one more worker's, of the same table */
export function callBudgetContract(make: () => CallBudget): void {
  it('gives each of many workers that ask in one moment turns of its own', async () => {
    const place = aPlace();
    const workers = Array.from({ length: 12 }, make);
    const turns = await Promise.all(
      workers.map((budget, index) => budget.reserve(place, request(5, { id: `${index}` }))),
    );
    const begins = turns.flatMap(beginsOf).sort((a, b) => a - b);
    expect(begins).toHaveLength(60);
    // Twelve of a burst, the others fourteen a second.
    expect(begins.at(-1)! - begins[0]!).toBeGreaterThanOrEqual(((60 - 12) / 14) * 1_000 - 1);
  });

  it('has reservations of its own for each account and Region', async () => {
    const budget = make();
    const [here, there] = [aPlace(), aPlace()];
    await budget.reserve(here, request(700, { together: true }));
    const [turn] = beginsOf(await budget.reserve(there, request(1)));
    expect(turn).toBeLessThanOrEqual(Date.now());
  });

  it('gives later turns after a call was refused, and a time to ask again to who has many', async () => {
    const [budget, other] = [make(), make()];
    const place = aPlace();
    const before = Date.now();
    await budget.throttled(place);
    const [turn] = beginsOf(await other.reserve(place, request(1)));
    expect(turn! - before).toBeGreaterThanOrEqual(500);
    await budget.reserve(place, request(700, { together: true }));
    const later = await other.reserve(place, request(1));
    expect(later).toHaveProperty('askAgainAt');
  });
}
