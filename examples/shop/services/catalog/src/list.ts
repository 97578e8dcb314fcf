import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpResponse, json } from '../../../libs/http';
import { PRODUCTS_TABLE, type Product, present, tables } from './model/product';

const HEADLINE = 'Welcome to the shop';

/** GET /products */
export const handler = async (): Promise<HttpResponse> => {
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: PRODUCTS_TABLE }));
  const products = (Items as Product[]).map(present).sort((a, b) => a.name.localeCompare(b.name));
  return json(200, { headline: HEADLINE, products });
};
