import { reserveCalls, reserveForOthers } from '../core/budget/reserve-calls';
import { type CallReservations, LAMBDA_CONTROL_CALLS } from '../core/contracts/call-reservations';
import type { CallBudget, CallPlace } from '../ports/call-budget';
import type { Clock } from '../ports/clock';

/** In-memory twin of the port CallBudget. */
export function memoryCallBudget({ now }: Pick<Clock, 'now'>): CallBudget {
  const all = new Map<string, CallReservations>();
  const keyOf = ({ account, region }: CallPlace): string => `${account} ${region}`;
  return {
    async reserve(place, request) {
      const found = all.get(keyOf(place));
      const { reservations, turn } = reserveCalls(found, LAMBDA_CONTROL_CALLS, { ...request, now: now() });
      all.set(keyOf(place), reservations);
      return turn;
    },
    async throttled(place) {
      all.set(keyOf(place), reserveForOthers(all.get(keyOf(place)), LAMBDA_CONTROL_CALLS, now()));
    },
  };
}
