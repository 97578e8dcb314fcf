import type { StackEvent } from '../../../lib/core/contracts/stack-event';
import { firstFailure, operationEnd, stackCondition } from '../../../lib/core/deploy/stack-status';

const anEvent = (logicalId: string, status: string, reason?: string): StackEvent => ({
  id: `${logicalId} ${status}`,
  time: '2026-01-02T03:04:05.678Z',
  logicalId,
  type: 'AWS::SQS::Queue',
  status,
  reason,
  ofStack: logicalId === 'orders-dev',
});

describe('stackCondition', () => {
  it.each([
    ['CREATE_COMPLETE', 'ready'],
    ['UPDATE_COMPLETE', 'ready'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ready'],
    ['IMPORT_COMPLETE', 'ready'],
    ['CREATE_IN_PROGRESS', 'busy'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'busy'],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'busy'],
    ['REVIEW_IN_PROGRESS', 'busy'],
    ['DELETE_IN_PROGRESS', 'busy'],
    ['ROLLBACK_COMPLETE', 'leftover'],
    ['ROLLBACK_FAILED', 'leftover'],
    ['CREATE_FAILED', 'leftover'],
    ['UPDATE_ROLLBACK_FAILED', 'stuck'],
    ['UPDATE_FAILED', 'ready'],
    ['DELETE_FAILED', 'stuck'],
  ])('takes a stack in %s for %s', (status, condition) => {
    expect(stackCondition(status)).toBe(condition);
  });
});

describe('operationEnd', () => {
  it.each([
    ['CREATE_COMPLETE', 'succeeded'],
    ['UPDATE_COMPLETE', 'succeeded'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'succeeded'],
    ['DELETE_COMPLETE', 'deleted'],
    ['ROLLBACK_COMPLETE', 'failed'],
    ['UPDATE_ROLLBACK_COMPLETE', 'failed'],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'failed'],
    ['UPDATE_ROLLBACK_FAILED', 'failed'],
    ['DELETE_FAILED', 'failed'],
    ['UPDATE_IN_PROGRESS', undefined],
    ['UPDATE_FAILED', undefined],
    ['CREATE_FAILED', undefined],
    ['UPDATE_ROLLBACK_IN_PROGRESS', undefined],
  ])('takes %s for %s', (status, end) => {
    expect(operationEnd(status)).toBe(end);
  });

  it.each(['CREATE_FAILED', 'UPDATE_FAILED'])('takes %s for failed where nothing is rolled back', (status) => {
    expect(operationEnd(status, { staysAsItFailed: true })).toBe('failed');
    expect(operationEnd('UPDATE_COMPLETE', { staysAsItFailed: true })).toBe('succeeded');
  });
});

describe('firstFailure', () => {
  it('passes over the siblings that CloudFormation cancelled', () => {
    const events = [
      anEvent('orders-dev', 'UPDATE_IN_PROGRESS', 'User Initiated'),
      anEvent('Queue', 'UPDATE_FAILED', 'Resource update cancelled'),
      anEvent('Topic', 'CREATE_FAILED', 'Resource creation cancelled'),
      anEvent('Table', 'CREATE_FAILED', 'orders already exists'),
      anEvent('orders-dev', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Table].'),
    ];
    expect(firstFailure(events)).toMatchObject({ logicalId: 'Table' });
  });

  it('does not blame what fails in the rollback', () => {
    const events = [
      anEvent('Table', 'CREATE_FAILED', 'orders already exists'),
      anEvent('orders-dev', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Table].'),
      anEvent('Queue', 'UPDATE_FAILED', 'the queue is gone'),
      anEvent('orders-dev', 'UPDATE_ROLLBACK_FAILED', 'The following resource(s) failed to update: [Queue].'),
    ];
    expect(firstFailure(events)).toMatchObject({ logicalId: 'Table' });
  });

  it('takes the word of the stack where no resource failed by itself', () => {
    const events = [
      anEvent('orders-dev', 'CREATE_IN_PROGRESS', 'User Initiated'),
      anEvent('orders-dev', 'ROLLBACK_IN_PROGRESS', 'No export named network found'),
      anEvent('orders-dev', 'ROLLBACK_COMPLETE'),
    ];
    expect(firstFailure(events)).toMatchObject({ ofStack: true, reason: 'No export named network found' });
  });

  it('finds none where none is', () => {
    expect(firstFailure([anEvent('orders-dev', 'CREATE_COMPLETE')])).toBeUndefined();
  });
});
