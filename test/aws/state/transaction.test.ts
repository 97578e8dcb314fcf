import { DynamoDBClient, TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { retryConflicts, transact } from '../../../lib/aws/state/transaction';
import { HastyClock } from '../../test-clock';

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: '',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const items = [{ Delete: { TableName: 't', Key: { pk: 'a' } } }, { Delete: { TableName: 't', Key: { pk: 'b' } } }];

describe('transact', () => {
  const sdk = mockClient(DynamoDBDocumentClient);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
  beforeEach(() => sdk.reset());

  it('says which condition did not hold', async () => {
    sdk.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));
    expect(await transact(client, items)).toEqual([true, false]);
  });

  it('tries again when another transaction holds an item', async () => {
    sdk.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).resolves({});
    expect(await transact(client, items, new HastyClock())).toEqual([true, true]);
  });

  it('does not hide other reasons', async () => {
    sdk.on(TransactWriteCommand).rejects(cancelled('ItemCollectionSizeLimitExceeded', 'None'));
    await expect(transact(client, items)).rejects.toThrow(TransactionCanceledException);
  });
});

describe('retryConflicts', () => {
  it('gives up as Throttled, so that the step is tried again', async () => {
    const write = jest.fn().mockRejectedValue(new TransactionConflictException({ message: '', $metadata: {} }));
    await expect(retryConflicts(write, new HastyClock())).rejects.toMatchObject({ code: 'Throttled' });
    expect(write).toHaveBeenCalledTimes(6);
  });
});
