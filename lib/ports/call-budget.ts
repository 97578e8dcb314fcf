import type { CallRequest, CallTurn } from '../core/contracts/call-reservations';
import { ReleaseError } from '../core/contracts/errors';

/** Of which account and Region the calls are. */
export interface CallPlace {
  readonly account: string;
  readonly region: string;
}

/** Lambda's control calls, which all workers of all releases reserve before they make them. */
export interface CallBudget {
  /** @returns when the calls may begin, or when to ask again */
  reserve(place: CallPlace, request: CallRequest): Promise<CallTurn>;
  /** Tells that a call was refused although it was its turn: others have used the pool. */
  throttled(place: CallPlace): Promise<void>;
}

/** Thrown instead of waiting long for a turn: nothing was called, and whoever asked may do so again at that time. */
export class TurnIsLater extends ReleaseError {
  /** @param askAgainAt milliseconds since 1970 */
  constructor(readonly askAgainAt: number) {
    super('Throttled', 'the control calls of Lambda that are left at this time belong to others; try again');
  }
}
