import type { CallCount } from '../lib/local/gateway/call-log';
import { type BenchApp, FUNCTIONS } from './bench-app';
import type { Table } from './markdown-table';
import { isCallOf, nameOf, sumOf } from './worker-calls';

const CHANGED = [1, 10, 50];
const WORKERS = ['Decide', 'PrepareFunctions', 'MoveAliases'];

const budgetOf = (k: number): number => 4 * k + 10;

/**
 * Counts the AWS calls of deploy and shift. @throws Error if they exceed the budget: counts do not depend on the
 * machine
 */
export async function benchCalls({ cloud, push }: BenchApp): Promise<readonly Table[]> {
  const counted: { readonly k: number; readonly calls: readonly CallCount[] }[] = [];
  for (const k of CHANGED) {
    await fetch(`${cloud.endpoint}/_seedbed/calls`, { method: 'POST' });
    await push(k);
    counted.push({
      k,
      calls: (await cloud.calls()).filter((call) => WORKERS.some((worker) => isCallOf(worker, call))),
    });
  }
  const operations = [...new Set(counted.flatMap(({ calls }) => calls.map(nameOf)))].sort();
  const row = (name: string, value: (of: (typeof counted)[number]) => number) => [name, ...counted.map(value)];
  for (const { k, calls } of counted) {
    const [all, control] = [sumOf(calls), sumOf(calls.filter(isControl))];
    if (all > budgetOf(k)) throw new Error(`${k} changed functions: ${all} calls, more than ${budgetOf(k)}`);
    if (control > 2 * k)
      throw new Error(`${k} changed functions: ${control} calls of Lambda's pool, more than ${2 * k}`);
  }
  return [
    {
      title: `AWS calls of deploy and shift: k of ${FUNCTIONS.length} functions changed, warm workers`,
      columns: ['call', ...CHANGED.map((k) => `k = ${k}`)],
      rows: [
        ...operations.map((name) => row(name, ({ calls }) => sumOf(calls.filter((call) => nameOf(call) === name)))),
        row('all calls', ({ calls }) => sumOf(calls)),
        row('budget: 4k + 10', ({ k }) => budgetOf(k)),
        row("of Lambda's pool of 15 a second", ({ calls }) => sumOf(calls.filter(isControl))),
        row('budget: 2k', ({ k }) => 2 * k),
      ],
      notes: [
        'Counted by the gateway, from the worker Decide to the worker MoveAliases. GetFunction has a rate of its own.',
      ],
    },
  ];
}

const isControl = ({ service, operation }: CallCount): boolean => service === 'lambda' && operation !== 'GetFunction';
