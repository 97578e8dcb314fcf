import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { RELEASE_EVENT } from '../../core/record/release-event';
import type { Events } from '../../ports/events';

/** The port Events over an EventBridge bus. */
export function eventBridgeEvents(client: EventBridgeClient, eventBusName = 'default'): Events {
  return {
    async publish(event) {
      const { source, detailType } = RELEASE_EVENT;
      const entry = {
        Source: source,
        DetailType: detailType,
        Detail: JSON.stringify(event),
        EventBusName: eventBusName,
      };
      const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      // A call succeeds even if an entry was refused:
      // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
      const refused = Entries?.find(({ ErrorCode }) => ErrorCode);
      if (refused)
        throw new Error(`event bus "${eventBusName}" refused an event: ${refused.ErrorCode} ${refused.ErrorMessage}`);
    },
  };
}
