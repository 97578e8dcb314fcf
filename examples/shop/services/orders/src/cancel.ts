import { type HttpEvent, type HttpResponse, json, problem } from '../../../libs/http';
import { changeStatus } from './model/change-status';
import { present } from './model/order';

/** POST /orders/{id}/cancel */
export const handler = async (event: HttpEvent): Promise<HttpResponse> => {
  const id = event.pathParameters?.id ?? '';
  const order = await changeStatus(id, 'cancelled');
  return order ? json(200, present(order)) : problem(409, `order ${id} cannot be cancelled`);
};
