import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Cents, format } from '../../../../libs/money';

/** An order as stored. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: number;
  readonly amount: Cents;
  readonly status: 'placed' | 'paid' | 'cancelled';
  readonly day: string;
}

export const ORDERS_TABLE = process.env.ORDERS_TABLE;

export const tables = DynamoDBDocumentClient.from(new DynamoDBClient());

/** An order as the API shows it. */
export const present = (order: Order) => ({ ...order, amount: format(order.amount) });
