import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ReleaseError } from '../../core/contracts/errors';
import type { Clock } from '../../ports/clock';
import { SYSTEM_CLOCK } from '../system-clock';

/** How often a write is tried while another worker's transaction, which takes milliseconds, is in its way. */
const TRIES = 6;
const PAUSE_MS = 20;

type Items = NonNullable<TransactWriteCommandInput['TransactItems']>;

/**
 * Writes all items or none.
 * @returns for each item whether its condition held; written only if all did
 */
export async function transact(
  client: DynamoDBDocumentClient,
  items: Items,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly boolean[]> {
  return retryConflicts(async () => {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }));
      return items.map(() => true);
    } catch (error) {
      const codes = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (!codes.some(({ Code }) => Code === 'ConditionalCheckFailed')) throw error;
      return items.map((_, index) => codes[index]?.Code !== 'ConditionalCheckFailed');
    }
  }, clock);
}

/**
 * Repeats a write that DynamoDB refuses because another worker's transaction holds one of its items, which the SDK does
 * not do by itself:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 * @throws ReleaseError `Throttled` if the conflict does not go away
 */
export async function retryConflicts<T>(write: () => Promise<T>, clock: Clock = SYSTEM_CLOCK): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === TRIES) {
        throw new ReleaseError('Throttled', 'the state table is busy: its items are in other transactions', {
          cause: error,
        });
      }
      await clock.sleep(Math.random() * PAUSE_MS * 2 ** attempt);
    }
  }
}

const isConflict = (error: unknown): boolean =>
  error instanceof TransactionConflictException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'TransactionConflict'));
