import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Cents, format } from '../../../../libs/money';

/** A product as stored. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly price: Cents;
}

export const PRODUCTS_TABLE = process.env.PRODUCTS_TABLE;
export const HISTORY_TABLE = process.env.HISTORY_TABLE;

export const tables = DynamoDBDocumentClient.from(new DynamoDBClient());

/** A product as the API shows it. */
export const present = (product: Product) => ({ ...product, price: format(product.price) });
