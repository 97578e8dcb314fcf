import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { median, ms } from './figures';
import type { Table } from './markdown-table';
import type { PlanFigures } from './plan-case';

const FILES = [1_000, 10_000, 100_000];
const SERVICES = [10, 100, 1_000];
const RUNS = 3;
const KB = 1024;

/** How time and memory of the worker `plan` grow with files and services, each case in processes of its own. */
export function benchPlanCurve(): readonly Table[] {
  const directory = mkdtempSync(join(tmpdir(), 'bench-plan-'));
  const program = join(directory, 'plan-case.js');
  try {
    buildSync({
      entryPoints: [join(__dirname, 'plan-case.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'warning',
    });
    const rows = FILES.flatMap((files) =>
      SERVICES.map((services) => {
        const runs = Array.from({ length: RUNS }, () => planned(program, services, files));
        const one = (of: (figures: PlanFigures) => number) => median(runs.map(of));
        return [
          ...[`${files.toLocaleString('en')} changed files`, services, one(({ deployed }) => deployed)],
          ms(one(({ milliseconds }) => milliseconds)),
          ...[`${one(({ peak }) => peak)} MB`, `${one(({ idle }) => idle)} MB`],
          `${Math.round(one(({ output }) => output) / KB)} KB`,
        ];
      }),
    );
    return [
      {
        title: 'Plan: the curve',
        columns: ['every file changed', 'services', 'deployed', 'time', 'peak memory', 'before', 'answer'],
        rows,
        notes: [
          `Median of ${RUNS} processes, each of which runs the whole worker once, cold, over ports in memory: what AWS takes to answer comes on top. ` +
            'Before: what the process had, the tree and the states included. Answer: a state machine takes 256 KB.',
        ],
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const planned = (program: string, services: number, files: number): PlanFigures =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', program, String(services), String(files)], { encoding: 'utf8' }),
  );
