import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { format } from '../../../libs/money';
import { changeStatus } from './model/change-status';

interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

const topic = new SNSClient();

/** Charges one order and announces it, unless it was cancelled; a repeated announcement is harmless. */
const charge = async (orderId: string): Promise<void> => {
  const order = await changeStatus(orderId, 'paid');
  if (!order) return;
  const message = { event: 'paid', orderId, customer: order.customer, amount: format(order.amount) };
  await topic.send(new PublishCommand({ TopicArn: process.env.ORDERS_TOPIC, Message: JSON.stringify(message) }));
};

/** Works off the queue; what failed is reported one by one, so that only that comes again. */
export const handler = async (event: QueueEvent) => {
  const results = await Promise.allSettled(event.Records.map(({ body }) => charge(body)));
  const batchItemFailures = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [];
    console.error(result.reason);
    return [{ itemIdentifier: event.Records[index]?.messageId }];
  });
  return { batchItemFailures };
};
