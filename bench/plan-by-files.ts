import type { ServiceState } from '../lib/core/contracts/state';
import { planServices } from '../lib/core/plan/plan';
import { median, ms } from './figures';
import type { Table } from './markdown-table';

const SERVICES = 200;
const USERS = 20;
/** Files outside of its directory that a package is made of. */
const READ = 60;
const RUNS = 15;
const COMMIT = '1'.repeat(40);

const services = Array.from({ length: SERVICES }, (_, index) => `services/service-${index}`);
const states = services.map((path, index): ServiceState => {
  const library = index < USERS ? ['libs/money/index.ts', 'libs/money/currency.ts'] : [];
  const others = Array.from({ length: READ - library.length }, (_, file) => `libs/lib-${index % 40}/file-${file}.ts`);
  return {
    path,
    status: 'deployed',
    commit: COMMIT,
    releaseId: '0'.repeat(26),
    outsideFiles: [...others, ...library],
    outsideUnseen: { commit: COMMIT, by: [] },
  };
});

/** Changed files; those with a `+` are new. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  [`a file of the library that ${USERS} services use`]: ['libs/money/currency.ts'],
  'README.md': ['README.md'],
  'a hundred files of documentation': Array.from({ length: 100 }, (_, index) => `docs/page-${index}.md`),
  'a new file beside the library': ['+libs/money/new.ts'],
  'the lockfile': ['package-lock.json'],
  'one service': ['services/service-7/handler.ts'],
};

/** How many services are built, and how long the plan takes, where directories or files decide. */
export function benchPlanByFiles(): readonly Table[] {
  const rows = Object.entries(CASES).map(([name, listed]) => {
    const edited = new Map([[COMMIT, new Set(listed.filter((file) => !file.startsWith('+')))]]);
    const files = listed.map((file) => file.replace(/^\+/, ''));
    const input = { services, states, changes: new Map([[COMMIT, files]]), force: false, checkCodeChange: true };
    return [name, ...measured(() => planServices(input)), ...measured(() => planServices({ ...input, edited }))];
  });
  return [
    {
      title: `Plan: ${SERVICES} services, a library that ${USERS} of them use`,
      columns: ['what changed', 'built, directories', 'plan', 'built, files', 'plan'],
      rows,
      notes: [
        `Median of ${RUNS} runs of the pure part; each package is made of ${READ} files outside of its directory. What the worker ` +
          'asks of the repository’s host is the same, but for one comparison more of CodeCommit.',
      ],
    },
  ];
}

function measured(work: () => ReturnType<typeof planServices>): readonly [number, string] {
  let built = 0;
  const runs = Array.from({ length: RUNS }, () => {
    const begun = performance.now();
    built = work().phases.flat().length;
    return performance.now() - begun;
  });
  return [built, ms(median(runs))];
}
