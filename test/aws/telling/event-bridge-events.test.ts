import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBridgeEvents } from '../../../lib/aws/telling/event-bridge-events';
import { releaseEvent } from '../../../lib/core/record/release-event';
import { aRelease } from '../../builders';

describe('eventBridgeEvents', () => {
  const sdk = mockClient(EventBridgeClient);
  const events = eventBridgeEvents(new EventBridgeClient({ region: 'eu-west-1' }));
  const event = releaseEvent({ release: aRelease(), status: 'succeeded' }, []);
  beforeEach(() => sdk.reset());

  it('publishes the event under a name that rules can match', async () => {
    sdk.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    await events.publish(event);
    const [entry] = sdk.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries!;
    expect(entry).toMatchObject({ Source: 'seedbed', DetailType: 'Release State Change', EventBusName: 'default' });
    expect(JSON.parse(entry!.Detail!)).toMatchObject({ app: 'shop', stage: 'dev', status: 'succeeded', by: 'ada' });
  });

  it('fails when the bus refuses the event though the call succeeds', async () => {
    sdk
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'AccessDenied', ErrorMessage: 'no' }] });
    await expect(events.publish(event)).rejects.toThrow('event bus "default" refused an event: AccessDenied no');
  });
});
