import type { ServiceState } from '../lib/core/contracts/state';
import { findServices } from '../lib/core/plan/find-services';
import { type PlanInput, planServices } from '../lib/core/plan/plan';
import { median, ms } from './figures';
import type { Table } from './markdown-table';

const SERVICES = 1_000;
const FILES_PER_SERVICE = 100;
const RUNS = 7;

const services = Array.from({ length: SERVICES }, (_, index) => `teams/team-${index % 25}/service-${index}`);
const files = services.flatMap((path) =>
  Array.from({ length: FILES_PER_SERVICE }, (_, index) =>
    index === 0 ? `${path}/serverless.yml` : `${path}/src/part-${index % 9}/handler-${index}.ts`,
  ),
);

const commitOf = (index: number): string => index.toString(16).padStart(40, '0');
const states = (commit: (index: number) => string): ServiceState[] =>
  services.map((path, index) => ({
    path,
    status: 'deployed',
    commit: commit(index),
    releaseId: '0'.repeat(26),
    deployedPackage: 'packages/before',
    stackName: `stack-${index}`,
  }));

const base = { services, force: false, checkCodeChange: true };
/** What of a repository of this size may have changed. */
const CASES: Readonly<Record<string, PlanInput>> = {
  'nothing changed': { ...base, states: states(() => commitOf(1)), changes: new Map([[commitOf(1), []]]) },
  'one file changed': {
    ...base,
    states: states(() => commitOf(1)),
    changes: new Map([[commitOf(1), [files[50_050]!]]]),
  },
  'every file changed, one base commit': {
    ...base,
    states: states(() => commitOf(1)),
    changes: new Map([[commitOf(1), files]]),
  },
  'every service another base commit, 100 files each': {
    ...base,
    states: states(commitOf),
    changes: new Map(services.map((_, index) => [commitOf(index), files.slice(index * 100, (index + 1) * 100)])),
  },
};

/** How long the pure part of `plan` takes for 1,000 services and 100,000 files, and how much memory. */
export function benchPlan(): readonly Table[] {
  const rows = [
    measured('find the services among the files', () => findServices(files).length),
    ...Object.entries(CASES).map(([name, input]) => measured(name, () => planServices(input).phases.flat().length)),
  ];
  return [
    {
      title: `Plan: ${SERVICES.toLocaleString('en')} services, ${files.length.toLocaleString('en')} files`,
      columns: ['case', 'services found or deployed', 'median', 'first run', 'heap'],
      rows,
      notes: [`Median of ${RUNS} runs after the first; heap is what the first run added before any collection.`],
    },
  ];
}

function measured(name: string, work: () => number): readonly (string | number)[] {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const [first, result] = timed(work);
  const heap = Math.max(0, process.memoryUsage().heapUsed - before);
  const runs = Array.from({ length: RUNS }, () => timed(work)[0]);
  return [name, result, ms(median(runs)), ms(first), `${Math.ceil(heap / 2 ** 20)} MB`];
}

function timed<T>(work: () => T): readonly [milliseconds: number, result: T] {
  const begun = performance.now();
  const result = work();
  return [performance.now() - begun, result];
}
