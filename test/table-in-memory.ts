import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoDbClient } from '../lib/aws/clients/dynamodb';

type Item = Record<string, unknown>;
type Key = { readonly pk?: unknown; readonly sk?: unknown };
type Update = Pick<UpdateCommand['input'], 'Key' | 'UpdateExpression'> &
  Pick<UpdateCommand['input'], 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

/** What DynamoDB answers that has done something. */
const answer = (_done: unknown) => ({});

/** A table that adapters write to and read from. Conditions always hold: whoever looks at those asks the emulator. */
export function tableInMemory() {
  const items = new Map<string, Item>();
  const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;

  const put = (item: Item): void => void items.set(nameOf(item), structuredClone(item));
  /** Sets and removes, as `updateParts` writes them; the one other form sets what is not there yet. */
  function update({ Key = {}, UpdateExpression = '', ...given }: Update): Item {
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = given;
    const item = { ...Key, ...items.get(nameOf(Key)) } as Item;
    const [, set = '', remove = ''] = /^(?:SET (.*?))?(?: ?REMOVE (.*))?$/.exec(UpdateExpression) ?? [];
    for (const [, name = '', kept, value = ''] of set.matchAll(/(#?\w+) = (if_not_exists\(#\w+, )?(:\w+)/g)) {
      const attribute = names[name] ?? name;
      if (!(kept && attribute in item)) item[attribute] = values[value];
    }
    for (const name of remove.match(/#?\w+/g) ?? []) delete item[names[name] ?? name];
    put(item);
    return item;
  }
  function transact({ TransactItems = [] }: TransactWriteCommandInput): void {
    for (const { Put, Update, Delete } of TransactItems) {
      if (Put) put(Put.Item as Item);
      if (Update) update(Update);
      if (Delete) items.delete(nameOf(Delete.Key as Key));
    }
  }
  function query({
    ExpressionAttributeValues: values = {},
    ExpressionAttributeNames: names = {},
    ...given
  }: QueryCommand['input']): Item[] {
    const { ':pk': pk, ':prefix': prefix = '', ':first': first = '', ':last': last = '\uffff' } = values;
    const having = names['#having'];
    const found = [...items.values()].filter((item) => {
      const sk = String(item.sk);
      return item.pk === pk && sk.startsWith(prefix) && sk >= first && sk <= last && (!having || having in item);
    });
    found.sort((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1));
    return given.ScanIndexForward === false ? found.reverse() : found;
  }

  const mock = mockClient(DynamoDBDocumentClient);
  mock.on(PutCommand).callsFake(({ Item }) => answer(put(Item)));
  mock.on(UpdateCommand).callsFake((input) => ({ Attributes: update(input) }));
  mock.on(DeleteCommand).callsFake(({ Key }) => answer(items.delete(nameOf(Key))));
  mock.on(TransactWriteCommand).callsFake((input) => answer(transact(input)));
  mock.on(GetCommand).callsFake(({ Key }) => ({ Item: items.get(nameOf(Key)) }));
  mock.on(QueryCommand).callsFake((input) => ({ Items: query(input) }));
  mock.on(ScanCommand).callsFake(() => ({ Items: [...items.values()].filter((item) => 'open' in item) }));

  return {
    client: dynamoDbClient({ region: 'eu-central-1' }),
    put,
    /** @returns all items, in the order of their keys. */
    all: (): Item[] => [...items.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item),
    /** Changes the item with these keys. */
    change(key: { readonly pk: string; readonly sk: string }, values: Item): void {
      if (!items.has(nameOf(key))) throw new Error(`there is no item ${nameOf(key)}`);
      put({ ...items.get(nameOf(key)), ...values });
    },
  };
}
