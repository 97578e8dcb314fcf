import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpResponse, json } from '../../../libs/http';
import { format } from '../../../libs/money';
import { PRODUCTS_TABLE, type Product, present, tables } from './model/product';

const HEADLINE = 'Welcome to the shop';
const FREE_SHIPPING_FROM = 50_00;

/** GET /products */
export const handler = async (): Promise<HttpResponse> => {
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: PRODUCTS_TABLE }));
  const products = (Items as Product[]).map(present).sort((a, b) => a.name.localeCompare(b.name));
  return json(200, { headline: HEADLINE, shipping: `free from ${format(FREE_SHIPPING_FROM)}`, products });
};
