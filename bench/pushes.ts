import { InvokeCommand } from '@aws-sdk/client-lambda';
import { lambdaClient } from '../lib/aws/clients/lambda';
import { type BenchApp, FUNCTIONS, SERVICE } from './bench-app';
import { median, ms, times } from './figures';
import type { Table } from './markdown-table';
import { AFTERWARDS, deployParts, nothingParts, PACKAGING, type Parts } from './release-parts';

const RUNS = 5;
const ROUND_TRIPS = 20;

/** How long a push takes from `git push` to the alias moved, and to its end when nothing changed. */
export async function benchPushes(at: BenchApp): Promise<readonly Table[]> {
  const roundTrip = await bareRoundTrip(at);
  const oneHandler = await repeated(async () => deployParts(at, await at.push(1)));
  const nothing = await repeated(async () => nothingParts(await at.push(0)));
  const isOutside = (name: string) => name !== PACKAGING && !AFTERWARDS.includes(name);
  return [
    partsTable('One handler changed: from git push to the alias moved', oneHandler, roundTrip, [
      ['outside packaging, to the alias moved (target: 3 s)', isOutside],
      ['all, to the end of the release', () => true],
    ]),
    partsTable('Nothing changed: from git push to recorded, no build', nothing, roundTrip, [
      ['all (target: 2 s)', () => true],
    ]),
  ];
}

async function repeated(run: () => Promise<Parts>): Promise<readonly Parts[]> {
  const runs: Parts[] = [];
  for (let count = 0; count < RUNS; count += 1) runs.push(await run());
  return runs;
}

function partsTable(
  title: string,
  runs: readonly Parts[],
  roundTrip: number,
  sums: readonly (readonly [name: string, has: (part: string) => boolean])[],
): Table {
  const row = (name: string, values: readonly number[]) => [
    ...[name, ms(median(values)), ms(Math.min(...values)), ms(Math.max(...values))],
    times(median(values), roundTrip),
  ];
  const sumOf = (parts: Parts, has: (part: string) => boolean) =>
    Object.entries(parts).reduce((sum, [name, value]) => (has(name) ? sum + value : sum), 0);
  return {
    title,
    columns: ['part', 'median', 'least', 'most', 'of a bare round trip'],
    rows: [
      ...Object.keys(runs[0]!).map((name) =>
        row(
          name,
          runs.map((parts) => parts[name]!),
        ),
      ),
      ...sums.map(([name, has]) =>
        row(
          name,
          runs.map((parts) => sumOf(parts, has)),
        ),
      ),
    ],
    notes: [
      `${RUNS} pushes, workers warm. A bare round trip is the call of a warm Lambda that does nothing: ${ms(roundTrip)} here.`,
    ],
  };
}

/** How long the local cloud takes to call a warm function that does nothing: what of the time is the machine's. */
async function bareRoundTrip({ app }: BenchApp): Promise<number> {
  const client = lambdaClient();
  const call = new InvokeCommand({ FunctionName: `${SERVICE}-${app.stage}-${FUNCTIONS[0]}`, Payload: '{}' });
  const took: number[] = [];
  for (let count = 0; count <= ROUND_TRIPS; count += 1) {
    const begun = performance.now();
    await client.send(call);
    if (count > 0) took.push(performance.now() - begun);
  }
  return median(took);
}
