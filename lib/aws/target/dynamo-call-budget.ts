import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { reserveCalls, reserveForOthers } from '../../core/budget/reserve-calls';
import { CallReservations, type CallTurn, LAMBDA_CONTROL_CALLS } from '../../core/contracts/call-reservations';
import type { CallBudget, CallPlace } from '../../ports/call-budget';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import { aloneBudget } from './alone-budget';

export interface CallBudgetOptions {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** @returns a number from 0 to 1 */
  readonly random?: () => number;
}

/** Each attempt fails because somebody else's has succeeded; so many workers never ask in one moment. */
const ATTEMPTS = 100;

/** A clock that is wrong by less does little harm: DynamoDB's has whole seconds only. */
const TOLERATED_SKEW = 3_000;

/** As the table has it. The reservations are one text, so that a refused write can hand them over as they are. */
const StoredReservations = z.object({
  version: z.object({ S: z.string() }),
  reservations: z.object({
    S: z.string().transform((text) => CallReservations.parse(JSON.parse(text))),
  }),
});

interface Seen {
  readonly version: string;
  readonly reservations: CallReservations;
}

/**
 * The port CallBudget over the table of calls: one item for each account and Region. A reservation is one conditional
 * write, made upon what this worker saw last or, if it has seen nothing yet, upon nobody having any turns. A write that
 * comes too late is refused with what is there now, and made again upon that.
 *
 * Without the table a worker paces its calls by itself, slowly, and says so in its log.
 */
export function dynamoCallBudget(
  client: DynamoDBDocumentClient,
  tableName: string,
  { clock, log, random = Math.random }: CallBudgetOptions,
): CallBudget {
  const seen = new Map<string, Seen>();
  const skew = serverSkew(client, clock);
  const alone = aloneBudget(clock);

  /** @returns what the change was about, or undefined if the table cannot be used. */
  async function change<T>(
    place: CallPlace,
    make: (found: CallReservations | undefined, now: number) => { readonly reservations: CallReservations } & T,
  ): Promise<T | undefined> {
    const key = `lambda ${place.account} ${place.region}`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = seen.get(key);
      const before = skew();
      const made = make(found?.reservations, clock.now() + before);
      const version = randomUUID();
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              pool: key,
              version,
              freeAt: freeAt(made.reservations),
              reservations: JSON.stringify(made.reservations),
            },
            ...(found
              ? { ConditionExpression: 'version = :seen', ExpressionAttributeValues: { ':seen': found.version } }
              : {
                  ConditionExpression: 'attribute_not_exists(version) OR freeAt <= :now',
                  ExpressionAttributeValues: { ':now': clock.now() + before },
                }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        seen.set(key, { version, reservations: made.reservations });
        // Only now it is known that our clock is wrong: what was written is too.
        if (skew() === before) return made;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) {
          log.warn('calls of Lambda cannot be reserved: this worker makes two a second', { ...place, error });
          return undefined;
        }
        const stored = StoredReservations.safeParse(error.Item);
        if (stored.success) seen.set(key, { version: stored.data.version.S, reservations: stored.data.reservations.S });
        else seen.delete(key);
        if (attempt > 1) await clock.sleep(random() * 50);
      }
    }
    log.warn('calls of Lambda could not be reserved: too many ask at once', { ...place });
    return undefined;
  }

  return {
    async reserve(place, request) {
      const made = await change(place, (found, now) => reserveCalls(found, LAMBDA_CONTROL_CALLS, { ...request, now }));
      return made ? byOwnClock(made.turn, skew()) : alone.reserve(place, request);
    },
    async throttled(place) {
      await change(place, (found, now) => ({ reservations: reserveForOthers(found, LAMBDA_CONTROL_CALLS, now) }));
    },
  };
}

/** @returns when the pool is full and nobody has or waits for a turn: it does not matter then what is in the item */
const freeAt = ({ fullAt, callers }: CallReservations): number =>
  Math.max(fullAt, ...Object.values(callers).flatMap(({ until, asking }) => [until, asking]));

/** @returns a turn by this machine's clock */
const byOwnClock = (turn: CallTurn, skew: number): CallTurn =>
  'begins' in turn ? { begins: turn.begins.map((begin) => begin - skew) } : { askAgainAt: turn.askAgainAt - skew };

/**
 * Reads the time in DynamoDB's answers, refusals too.
 * @returns how many milliseconds this machine's clock is behind it; 0 as long as that is little
 */
function serverSkew(client: DynamoDBDocumentClient, clock: Pick<Clock, 'now'>): () => number {
  let behind = 0;
  const read = (response: unknown): void => {
    const { headers = {} } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string>> };
    const difference = Date.parse(headers.date ?? '') - clock.now();
    // What is known already stays, since the header has whole seconds only.
    if (Number.isNaN(difference) || Math.abs(difference - behind) < TOLERATED_SKEW) return;
    behind = Math.abs(difference) < TOLERATED_SKEW ? 0 : difference;
  };
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        const answer = await next(args);
        read(answer.response);
        return answer;
      } catch (error) {
        read((error as { readonly $response?: unknown }).$response);
        throw error;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'serverSkew' },
  );
  return () => behind;
}
