import { type HookAnswer, judgeHook } from '../../../lib/core/shift/judge-hook';

const hook = { logicalId: 'CheckLambdaFunction', name: 'orders-prod-check', qualifier: '7' };

describe('judgeHook', () => {
  it.each([undefined, null, 0, '', 'Failed', true, { lifecycleEventHookExecutionId: 'e-1' }])(
    'passes a hook that returned %j',
    (value) => {
      expect(judgeHook(hook, { outcome: 'returned', value })).toEqual({ status: 'passed' });
    },
  );

  it.each<[string, HookAnswer, string]>([
    ['returned false', { outcome: 'returned', value: false }, 'it returned false'],
    ['threw', { outcome: 'threw', type: 'Error', message: 'no orders' }, 'Error: no orders'],
    [
      'is not there',
      { outcome: 'missing' },
      'there is no function "orders-prod-check" (CheckLambdaFunction) with version or alias 7',
    ],
    ['Lambda did not run', { outcome: 'refused', reason: 'Rate Exceeded.' }, 'Lambda did not run it: Rate Exceeded.'],
  ])('fails a hook that %s, and says so', (_, answer, reason) => {
    expect(judgeHook(hook, answer)).toEqual({ status: 'failed', reason });
  });
});
