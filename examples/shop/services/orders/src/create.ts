import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpEvent, type HttpResponse, json, problem, readBody } from '../../../libs/http';
import { newId } from '../../../libs/ids';
import { times } from '../../../libs/money';
import { ORDERS_TABLE, type Order, present, tables } from './model/order';

const THANKS = 'Thank you for your order';

const queue = new SQSClient();

/** POST /orders with `{"customer": "Ada", "product": "teapot", "quantity": 2}`: stores the order and has it charged. */
export const handler = async (event: HttpEvent): Promise<HttpResponse> => {
  const { customer, product, quantity } = readBody(event) ?? {};
  if (typeof customer !== 'string' || typeof product !== 'string' || typeof quantity !== 'number' || !(quantity > 0)) {
    return problem(400, 'an order needs a customer, a product and a quantity');
  }
  const { Item } = await tables.send(new GetCommand({ TableName: process.env.PRODUCTS_TABLE, Key: { id: product } }));
  if (!Item) return problem(404, `no product ${product}`);

  const order: Order = {
    id: newId('ORD'),
    customer,
    product,
    quantity,
    amount: times(Item.price, quantity),
    status: 'placed',
    day: new Date().toISOString().slice(0, 10),
  };
  await tables.send(new PutCommand({ TableName: ORDERS_TABLE, Item: order }));
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.CHARGE_QUEUE, MessageBody: order.id }));
  return json(202, { message: THANKS, order: present(order) });
};
