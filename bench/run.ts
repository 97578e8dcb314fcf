import { cpus, loadavg } from 'node:os';
import { type BenchApp, benchApp } from './bench-app';
import { type BenchOptions, readArguments } from './bench-options';
import { benchCalls } from './calls';
import { benchFileRecord } from './file-record';
import { benchJudgement } from './judgement';
import { markdownTable, type Table } from './markdown-table';
import { benchPace } from './pace';
import { pacedCloud } from './pace-app';
import { PACE_CASES, type PaceCase } from './pace-cases';
import { Floor } from './pace-floor';
import { benchPackaging } from './packaging';
import { benchPlan } from './plan';
import { benchPlanByFiles } from './plan-by-files';
import { benchPlanCurve } from './plan-curve';
import { benchPushes } from './pushes';
import { benchScale } from './scale';
import { benchShift } from './shift';
import { benchTransform } from './transform';

type Bench = (at: () => Promise<BenchApp>) => Promise<readonly Table[]> | readonly Table[];

const BENCHES: Readonly<Record<string, Bench>> = {
  plan: () => [...benchPlan(), ...benchPlanByFiles(), ...benchPlanCurve()],
  scale: benchScale,
  transform: benchTransform,
  record: benchFileRecord,
  judgement: benchJudgement,
  calls: async (at) => benchCalls(await at()),
  shift: async (at) => benchShift(await at()),
  pushes: async (at) => benchPushes(await at()),
  packaging: async (at) => benchPackaging(await at()),
};

const log = (line: string) => process.stderr.write(`${line} …\n`);
const print = (tables: readonly Table[]) => {
  for (const table of tables) process.stdout.write(`${markdownTable(table)}\n`);
};

/**
 * Runs the benchmarks that are named and prints their tables; without names all but those at AWS's pace, which take
 * long.
 */
async function main(args: readonly string[]): Promise<void> {
  const { names, options } = readArguments(args);
  const known = [...Object.keys(BENCHES), ...Object.keys(PACE_CASES)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark "${unknown[0]}"; use any of: ${known.join(', ')}`);
  process.stdout.write(`${machine()}\n\n`);
  const wanted = names.length > 0 ? names : Object.keys(BENCHES);
  await measure(wanted.filter((name) => name in BENCHES));
  const cases = wanted.flatMap((name) => PACE_CASES[name]?.(options) ?? []);
  if (cases.length > 0) await measureAtPace(cases, options);
}

async function measure(names: readonly string[]): Promise<void> {
  let started: Promise<BenchApp> | undefined;
  const at = () => {
    started ??= benchApp(log);
    return started;
  };
  try {
    for (const name of names) {
      log(`measuring ${name}`);
      print(await BENCHES[name]!(at));
    }
  } finally {
    await (await started)?.stop();
  }
}

async function measureAtPace(cases: readonly PaceCase[], options: BenchOptions): Promise<void> {
  const at = await pacedCloud(
    cases.map(({ name }) => name),
    log,
  );
  const floor = new Floor(at);
  try {
    for (const one of cases) {
      log(`measuring ${one.title}`);
      print(await benchPace({ at, floor }, one, options));
    }
  } finally {
    await at.stop();
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
