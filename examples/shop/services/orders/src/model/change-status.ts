import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ORDERS_TABLE, type Order, tables } from './order';

/**
 * Moves a placed order on: it becomes paid or cancelled, whichever comes first. Doing the same again changes nothing.
 *
 * @returns the changed order, or undefined if there is none or it has gone the other way.
 */
export const changeStatus = async (id: string, status: 'paid' | 'cancelled'): Promise<Order | undefined> => {
  try {
    const { Attributes } = await tables.send(
      new UpdateCommand({
        TableName: ORDERS_TABLE,
        Key: { id },
        UpdateExpression: 'SET #status = :next',
        ConditionExpression: '#status IN (:placed, :next)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':next': status, ':placed': 'placed' },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as Order;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};
