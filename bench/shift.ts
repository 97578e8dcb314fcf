import type { CallCount } from '../lib/local/gateway/call-log';
import { type BenchApp, CANARY_MINUTES, FUNCTIONS } from './bench-app';
import type { Table } from './markdown-table';
import { isCallOf, nameOf, sumOf } from './worker-calls';

const CHANGED = [1, 10, 50];
const WORKERS = ['StartShift', 'Watch'];

/**
 * Counts the AWS calls of starting and watching a joint shift. They do not depend on the machine, those of the watch on
 * time only.
 */
export async function benchShift({ cloud, push }: BenchApp): Promise<readonly Table[]> {
  // First versions, and then the deployment groups, which are made once.
  await push(0, 'prod');
  await push(1, 'prod');
  const operations: (readonly CallCount[])[][] = [];
  for (const k of CHANGED) {
    await fetch(`${cloud.endpoint}/_seedbed/calls`, { method: 'POST' });
    await push(k, 'prod');
    const calls = await cloud.calls();
    operations.push(WORKERS.map((worker) => calls.filter((call) => isCallOf(worker, call))));
  }
  const names = [...new Set(operations.flat(2).map(nameOf))].sort();
  const sum = (calls: readonly CallCount[], name: string) => sumOf(calls.filter((call) => nameOf(call) === name));
  const rows = WORKERS.flatMap((worker, index) => [
    ...names
      .filter((name) => operations.some((of) => sum(of[index]!, name) > 0))
      .map((name) => [`${worker}: ${name}`, ...operations.map((of) => sum(of[index]!, name))]),
    [`${worker}, all`, ...operations.map((of) => sumOf(of[index]!))],
  ]);
  return [
    {
      title: `AWS calls of a joint shift: k of ${FUNCTIONS.length} functions, a canary of ${CANARY_MINUTES} minutes, warm workers`,
      columns: ['call', ...CHANGED.map((k) => `k = ${k}`)],
      rows,
      notes: [
        'Counted by the gateway. The minutes are seconds here: on AWS the watch makes 38 calls a minute for up to 25 functions, 57 for up to 50, while traffic moves (`test/lambdas/shift/watch-calls.test.ts`). CodeDeploy’s own calls are not counted.',
      ],
    },
  ];
}
