import { waitForStack } from '../../../lambdas/deploy/wait-for-stack';
import type { StackEvent } from '../../../lib/core/contracts/stack-event';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryTarget } from '../../../lib/memory/memory-target';
import { aRelease } from '../../builders';
import { HastyClock } from '../../test-clock';

const REASON = 'Export orders-arn cannot be deleted as it is in use by api';

/** Waits for the deletion of a stack that CloudFormation keeps, with these events of the operation. */
async function waitForKeptStack(events: readonly StackEvent[]) {
  const { portsOf } = memoryTarget(memoryArtifacts());
  const release = { ...aRelease(), remove: { emptyBuckets: false } };
  const ports = portsOf(release.target);
  const stacks = {
    ...ports.stacks,
    events: async () => events,
    describe: async () => ({ status: 'UPDATE_COMPLETE', statusReason: REASON, tags: {}, outputs: {}, exports: [] }),
  };
  const log = { info: () => undefined, warn: () => undefined };
  const wait = waitForStack({ target: () => ({ ...ports, stacks }), pace: new HastyClock(), log });
  const operation = { kind: 'delete', stackName: 'orders', token: 'r-remove-1' };
  return wait({ release, service: { path: 'orders', reasons: [] }, operation });
}

describe('the deletion of a stack whose exports are in use', () => {
  it.each([
    ['has an event of the operation', [{ status: 'UPDATE_COMPLETE', reason: REASON }]],
    ['has none', []],
  ])('has failed, whether CloudFormation %s', async (_, events) => {
    const time = '2026-01-02T03:04:05.000Z';
    const found = events.map((event) => ({
      id: 'e',
      time,
      logicalId: 'orders',
      type: 'AWS::CloudFormation::Stack',
      ofStack: true,
      ...event,
    }));
    expect(await waitForKeptStack(found)).toMatchObject({ status: 'failed' });
  });
});
