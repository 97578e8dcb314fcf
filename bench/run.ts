import { cpus, loadavg } from 'node:os';
import { type BenchApp, benchApp } from './bench-app';
import { benchCalls } from './calls';
import { markdownTable, type Table } from './markdown-table';
import { benchPackaging } from './packaging';
import { benchPlan } from './plan';
import { benchPlanCurve } from './plan-curve';
import { benchPushes } from './pushes';
import { benchShift } from './shift';
import { benchTransform } from './transform';

type Bench = (at: () => Promise<BenchApp>) => Promise<readonly Table[]> | readonly Table[];

const BENCHES: Readonly<Record<string, Bench>> = {
  plan: () => [...benchPlan(), ...benchPlanCurve()],
  transform: benchTransform,
  calls: async (at) => benchCalls(await at()),
  shift: async (at) => benchShift(await at()),
  pushes: async (at) => benchPushes(await at()),
  packaging: async (at) => benchPackaging(await at()),
};

/** Runs the benchmarks that are named, or all, and prints their tables. */
async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in BENCHES));
  if (unknown.length > 0)
    throw new Error(`no benchmark "${unknown[0]}"; use any of: ${Object.keys(BENCHES).join(', ')}`);
  let started: Promise<BenchApp> | undefined;
  const log = (line: string) => process.stderr.write(`${line} …\n`);
  const at = () => {
    started ??= benchApp(log);
    return started;
  };
  try {
    process.stdout.write(`${machine()}\n\n`);
    for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
      log(`measuring ${name}`);
      for (const table of await BENCHES[name]!(at)) process.stdout.write(`${markdownTable(table)}\n`);
    }
  } finally {
    await (await started)?.stop();
  }
}

const machine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)} at the start.`;

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
