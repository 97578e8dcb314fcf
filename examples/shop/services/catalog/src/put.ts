import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpEvent, type HttpResponse, json, problem, readBody } from '../../../libs/http';
import { PRODUCTS_TABLE, type Product, present, tables } from './model/product';

/** PUT /products/{id} with `{"name": "Teapot", "price": 2450}`, the price in cents. */
export const handler = async (event: HttpEvent): Promise<HttpResponse> => {
  const id = event.pathParameters?.id;
  const { name, price } = readBody(event) ?? {};
  if (!id || typeof name !== 'string' || typeof price !== 'number' || !Number.isInteger(price) || price < 0) {
    return problem(400, 'a product needs a name and a price in whole cents');
  }
  const product: Product = { id, name, price };
  await tables.send(new PutCommand({ TableName: PRODUCTS_TABLE, Item: product }));
  return json(200, present(product));
};
