import { reserveCalls } from '../../core/budget/reserve-calls';
import type { CallPool, CallReservations } from '../../core/contracts/call-reservations';
import type { CallBudget } from '../../ports/call-budget';
import type { Clock } from '../../ports/clock';

/** What a worker allows itself when it cannot know what others do: seven such workers stay within Lambda's rate. */
const ALONE: CallPool = { perSecond: 2, burst: 2 };

/** The budget of a worker that cannot reserve calls together with others: it paces its own, slowly. */
export function aloneBudget({ now }: Pick<Clock, 'now'>): CallBudget {
  const places = new Map<string, CallReservations>();
  return {
    async reserve({ account, region }, request) {
      const key = `${account} ${region}`;
      const made = reserveCalls(places.get(key), ALONE, { ...request, now: now(), together: true });
      places.set(key, made.reservations);
      return made.turn;
    },
    async throttled() {},
  };
}
