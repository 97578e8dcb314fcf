import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type HttpEvent, type HttpResponse, json, problem } from '../../../libs/http';
import { HISTORY_TABLE, PRODUCTS_TABLE, type Product, present, tables } from './model/product';

/** GET /products/{id}: the product and the last changes that the audit function saw. */
export const handler = async (event: HttpEvent): Promise<HttpResponse> => {
  const id = event.pathParameters?.id;
  const { Item } = await tables.send(new GetCommand({ TableName: PRODUCTS_TABLE, Key: { id } }));
  if (!Item) return problem(404, `no product ${id}`);
  const { Items: changes = [] } = await tables.send(
    new QueryCommand({
      TableName: HISTORY_TABLE,
      KeyConditionExpression: 'productId = :id',
      ExpressionAttributeValues: { ':id': id },
      ScanIndexForward: false,
      Limit: 10,
    }),
  );
  return json(200, {
    ...present(Item as Product),
    changes: changes.map(({ what, before, after }) => ({ what, before, after })),
  });
};
