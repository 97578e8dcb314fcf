import {
  type CallPool,
  CallRank,
  type CallRequest,
  type CallReservations,
  type CallTurn,
} from '../contracts/call-reservations';

/**
 * So far ahead calls are reserved for a caller that has others reserved already: what is reserved cannot be given to
 * somebody else, so it is what a small release waits for behind a large one.
 */
const HORIZON = 2_000;
/** Who yields to others does so this long, so that a stage of a pull request is late and not starved. */
const LONGEST_YIELD = 15_000;
/** So much is never reserved; a time so far ahead was written by somebody whose clock is wrong. */
const FARTHEST = 15 * 60_000;
/** What others use of the pool is not known; after they have emptied it they are given this long. */
const AFTER_THROTTLING = 500;

export interface Reserved {
  readonly reservations: CallReservations;
  readonly turn: CallTurn;
}

/**
 * Takes the next turns of a pool for somebody, first come, first served, with two exceptions. A caller that has turns
 * is given no more than two seconds of them at a time, and a time to ask again, one asker after the other; somebody who
 * has none is always given some: so a small release waits for two seconds of a large one's calls, not for all of them.
 * And lower ranks yield to higher ones, though not for ever.
 *
 * The bucket is the generic cell rate algorithm (ITU-T I.371): one time says how much is in it.
 *
 * @param reservations undefined if nothing was ever reserved
 * @param now milliseconds since 1970
 */
export function reserveCalls(
  reservations: CallReservations | undefined,
  pool: CallPool,
  { now, ...request }: CallRequest & { readonly now: number },
): Reserved {
  const interval = 1_000 / pool.perSecond;
  const tolerance = (pool.burst - 1) * interval;
  const { fullAt, callers } = sane(reservations, now);
  const own = callers[request.id];
  const start = Math.max(now, fullAt - tolerance);

  const isHeldBack = yields(callers, request) && now - request.since < LONGEST_YIELD;
  const hasTurns = own !== undefined && own.until > now;
  const isGranted = request.together || (isHeldBack ? start === now : !hasTurns || start - now <= HORIZON);
  const withOwn = (mine: { readonly until: number; readonly asking: number }) => ({
    ...callers,
    [request.id]: { rank: request.rank, ...mine },
  });

  if (!isGranted) {
    const askAgainAt = Math.max(own?.asking ?? 0, isHeldBack ? start : start - HORIZON / 2, now + interval);
    const asking = askAgainAt + request.calls * interval;
    return {
      reservations: { fullAt, callers: withOwn({ until: own?.until ?? now, asking }) },
      turn: { askAgainAt },
    };
  }
  const begins: number[] = [];
  let full = fullAt;
  for (let call = 0; call < request.calls; call += 1) {
    const begin = Math.max(now, full - tolerance);
    begins.push(begin);
    full = Math.max(full, begin) + interval;
  }
  return {
    reservations: { fullAt: full, callers: withOwn({ until: begins.at(-1)!, asking: own?.asking ?? now }) },
    turn: { begins },
  };
}

/**
 * What a refused call says of a pool: others have emptied it. Nothing that is reserved changes; what is asked for from
 * now on begins later.
 */
export function reserveForOthers(
  reservations: CallReservations | undefined,
  pool: CallPool,
  now: number,
): CallReservations {
  const { fullAt, callers } = sane(reservations, now);
  const empty = now + AFTER_THROTTLING + ((pool.burst - 1) * 1_000) / pool.perSecond;
  return { fullAt: Math.max(fullAt, empty), callers };
}

/** @returns what still holds of it */
function sane(reservations: CallReservations | undefined, now: number): CallReservations {
  if (!reservations || reservations.fullAt - now > FARTHEST) return { fullAt: now, callers: {} };
  const current = Object.entries(reservations.callers).filter(([, { until, asking }]) => Math.max(until, asking) > now);
  return { fullAt: reservations.fullAt, callers: Object.fromEntries(current) };
}

/** Whether somebody of a higher rank has calls to make. */
const yields = (callers: CallReservations['callers'], { rank }: CallRequest): boolean =>
  Object.values(callers).some((other) => CallRank.options.indexOf(other.rank) < CallRank.options.indexOf(rank));
