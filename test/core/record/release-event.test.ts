import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { ReleaseEvent, releaseEvent } from '../../../lib/core/record/release-event';
import { aRelease } from '../../builders';

const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:Seedbed-Release:shop-dev-1';
const aRecord = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease(),
  status: 'running',
  executionArn: EXECUTION,
  ...more,
});
const aService = (path: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: { Url: 'https://x' },
  durations: {},
  ...more,
});
const planned = (path: string) => ({ path, reasons: [{ code: 'files-changed' as const, message: 'x' }] });
const plan = { phases: [[planned('orders')], [planned('web')]], skip: [{ path: 'docs', reasons: [] }] };
const asSent = (event: ReleaseEvent): unknown => JSON.parse(JSON.stringify(event));

describe('the event of a release', () => {
  it('has every service of the plan, with what was decided, in codes', () => {
    const decision = {
      kind: 'incremental' as const,
      reasons: [{ code: 'function-code-changed' as const, message: 'the code of List differs' }],
      changedFunctions: ['List'],
    };
    expect(asSent(releaseEvent(aRecord({ plan }), [aService('orders', { decision })]))).toMatchObject({
      app: 'shop',
      stage: 'dev',
      status: 'running',
      trigger: 'push',
      by: 'ada',
      executionArn: EXECUTION,
      executionUrl: `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${EXECUTION}`,
      services: [
        {
          path: 'orders',
          status: 'deployed',
          phase: 0,
          planned: ['files-changed'],
          decision: { kind: 'incremental', reasons: ['function-code-changed'], changedFunctions: 1 },
        },
        { path: 'web', status: 'planned', phase: 1 },
        { path: 'docs', status: 'left-out' },
      ],
    });
  });

  it('keeps outputs to itself: they may be long, and are for those who may read them', () => {
    expect(JSON.stringify(releaseEvent(aRecord({ plan }), [aService('orders')]))).not.toContain('https://x');
  });

  it('says of a service that has no record at the end that it did not run', () => {
    const { services } = releaseEvent(aRecord({ plan, status: 'aborted' }), []);
    expect(services.map(({ status }) => status)).toEqual(['not-run', 'not-run', 'left-out']);
  });

  it('is what its schema says', () => {
    const error = { code: 'ServiceFailed', message: 'x'.repeat(10_000) };
    const sent = asSent(releaseEvent(aRecord({ plan, error, durations: { build: 1 } }), [aService('gone')]));
    expect(ReleaseEvent.parse(sent)).toEqual(sent);
  });

  it('keeps the end of a long error, which says what it leaves out', () => {
    const message = `service "web": ${'x'.repeat(30_000)}; and 18 more services failed`;
    const event = releaseEvent(aRecord({ status: 'failed', error: { code: 'ServiceFailed', message } }), []);
    expect(event.error?.message).toMatch(
      /^service "web": x+… \(\d+ characters left out\) …x+; and 18 more services failed$/,
    );
  });

  it('fits into an SNS message with 5,000 services and long errors, the failed ones first', () => {
    const paths = Array.from({ length: 5_000 }, (_, index) => `services/${'ü'.repeat(60)}-${index}`);
    const error = { code: 'StackFailed', message: '„'.repeat(100_000) };
    const failed = aService('web', { status: 'failed', error });
    const event = releaseEvent(
      aRecord({ plan: { phases: [paths.map(planned), [planned('web')]], skip: [] }, status: 'failed', error }),
      [failed],
    );
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(256 * 1024);
    expect(event.services[0]).toMatchObject({ path: 'web', status: 'failed' });
    expect(event.services.length + event.truncated!).toBe(5_001);
    expect(event.truncated).toBeGreaterThan(0);
  });
});
