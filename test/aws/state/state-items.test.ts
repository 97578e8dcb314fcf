import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import { dynamoDbClient } from '../../../lib/aws/clients/dynamodb';
import { leftOut, queryItems } from '../../../lib/aws/state/state-items';

const client = mockClient(DynamoDBDocumentClient);
const Item = z.object({ sk: z.string() });
const items = ['a', 'b', 'c', 'd'].map((sk) => ({ pk: 'APP#shop', sk }));
const query = (more = {}) =>
  queryItems(dynamoDbClient({ region: 'eu-central-1' }), Item, {
    tableName: 'state',
    pk: 'APP#shop',
    prefix: '',
    orElse: leftOut,
    ...more,
  });
const read = async (more = {}) => (await query(more)).map(({ sk }) => sk);

beforeEach(() => {
  client.reset();
  client
    .on(QueryCommand)
    .resolvesOnce({ Items: [], LastEvaluatedKey: { pk: 'APP#shop', sk: '0' } })
    .resolvesOnce({ Items: items.slice(0, 2), LastEvaluatedKey: items[1] })
    .resolves({ Items: items.slice(2) });
});

describe('queryItems', () => {
  it('reads all pages, also behind an empty one, as the items are now', async () => {
    expect(await read()).toEqual(['a', 'b', 'c', 'd']);
    const calls = client.commandCalls(QueryCommand);
    expect(calls).toHaveLength(3);
    expect(calls[0]!.args[0].input).toMatchObject({ ConsistentRead: true, ScanIndexForward: true });
  });

  it('reads no page more than it needs to reach its limit', async () => {
    expect(await read({ limit: 2 })).toEqual(['a', 'b']);
    expect(client.commandCalls(QueryCommand)).toHaveLength(2);
  });

  it('answers no more items than its limit, wherever a page ends', async () => {
    expect(await read({ limit: 3, newestFirst: true })).toEqual(['a', 'b', 'c']);
    expect(client.commandCalls(QueryCommand)[0]!.args[0].input).toMatchObject({ ScanIndexForward: false });
  });
});
