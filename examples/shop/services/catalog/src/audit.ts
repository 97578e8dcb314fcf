import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { HISTORY_TABLE, tables } from './model/product';

/** What this function reads of a DynamoDB stream record; strings and numbers both arrive as text. */
interface StreamRecord {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly SequenceNumber: string;
    readonly OldImage?: Image;
    readonly NewImage?: Image;
  };
}
type Image = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

const price = (image?: Image) => (image?.price?.N === undefined ? null : Number(image.price.N));

/** Keeps what each product cost: one history entry per change, written again harmlessly when the stream repeats itself. */
export const handler = async (event: { readonly Records: readonly StreamRecord[] }): Promise<void> => {
  for (const { eventName, dynamodb } of event.Records) {
    const change = { what: eventName.toLowerCase(), before: price(dynamodb.OldImage), after: price(dynamodb.NewImage) };
    const Item = { productId: dynamodb.Keys.id.S, sequence: dynamodb.SequenceNumber, ...change };
    await tables.send(new PutCommand({ TableName: HISTORY_TABLE, Item }));
    console.log(JSON.stringify({ message: 'product changed', ...Item }));
  }
};
