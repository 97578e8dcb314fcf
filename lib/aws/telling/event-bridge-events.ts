import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { IGNORED_EVENT } from '../../core/record/ignored-event';
import { RELEASE_EVENT } from '../../core/record/release-event';
import type { Events } from '../../ports/events';

/** The port Events over an EventBridge bus. */
export function eventBridgeEvents(client: EventBridgeClient, eventBusName = 'default'): Events {
  async function publish({ source, detailType }: typeof RELEASE_EVENT | typeof IGNORED_EVENT, detail: object) {
    const Detail = JSON.stringify(detail);
    const entry = { Source: source, DetailType: detailType, Detail, EventBusName: eventBusName };
    const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    // A call succeeds even if an entry was refused:
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    const refused = Entries?.find(({ ErrorCode }) => ErrorCode);
    if (refused)
      throw new Error(`event bus "${eventBusName}" refused an event: ${refused.ErrorCode} ${refused.ErrorMessage}`);
  }
  return {
    publish: (event) => publish(RELEASE_EVENT, event),
    publishIgnored: (event) => publish(IGNORED_EVENT, event),
  };
}
