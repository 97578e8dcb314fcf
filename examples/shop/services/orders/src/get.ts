import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpEvent, type HttpResponse, json, problem } from '../../../libs/http';
import { ORDERS_TABLE, type Order, present, tables } from './model/order';

/** GET /orders/{id} */
export const handler = async (event: HttpEvent): Promise<HttpResponse> => {
  const id = event.pathParameters?.id;
  const { Item } = await tables.send(new GetCommand({ TableName: ORDERS_TABLE, Key: { id } }));
  return Item ? json(200, present(Item as Order)) : problem(404, `no order ${id}`);
};
