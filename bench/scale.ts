import type { Table } from './markdown-table';
import { limitOf, neededCalls } from './pace-limit';
import { LARGE, type LimitName, type ScaleSettings, simulate, simulateOneRelease } from './scale-model';

/** What a bare script took on the local cloud at AWS's pace (`pace-floor.ts`), in seconds, by functions. */
const MEASURED_FLOORS: readonly (readonly [services: number, functions: number, seconds: number])[] = [
  [1, 1, 1.8],
  [1, 10, 2.0],
  [1, 20, 2.4],
  [4, 20, 9.8],
];

/** Fewer and more pushes than those that docs/scale.md is about. */
const PUSHES = [30, 60, 100, 150, 300, 600, 1200];

/** What can be set, one after the other: each of these has all that is before it as well. */
const STEPS: readonly (readonly [title: string, settings: Partial<ScaleSettings>])[] = [
  ['a new installation', {}],
  ['2 writes a release instead of 6', { writesOfRelease: 2 }],
  ['a GitHub App for every half of the repositories', { installations: 2 }],
  ['60 builds at once', { builds: 60 }],
  ['builds that start in 5 s', { provisioning: [3, 2] }],
];

/** An organisation of 1,000 services, by simulation: what waits for what, what breaks first, and what to set. */
export function benchScale(): readonly Table[] {
  return [limitsTable(), pushesTable(), stepsTable(), measuredTable()];
}

function limitsTable(): Table {
  const { limits, superseded, pushes, services } = simulate(LARGE);
  return {
    title: `${LARGE.services} services, ${LARGE.pushesAnHour} pushes an hour, ${LARGE.accounts} accounts, ${LARGE.regions} regions: what waits for what`,
    columns: ['limit', 'of it used', 'median wait', '95 of 100 wait at most', 'longest wait'],
    rows: (Object.keys(limits) as LimitName[]).map((name) => {
      const { share, used } = limits[name];
      return [name, `${Math.round(share * 100)} %`, told(used.wait(0.5)), told(used.wait(0.95)), told(used.wait(1))];
    }),
    notes: [
      `${LARGE.hours} hours, simulated: ${pushes.all.waits.length} releases of ${services} services; ${superseded} pushes were superseded by a newer one. Of limits that each account and region has, those of the busiest one. A push of one service, not gradual, took ${told(pushes.one.wait(0.5))}, 95 of 100 at most ${told(pushes.one.wait(0.95))}.`,
    ],
  };
}

function pushesTable(): Table {
  return {
    title: 'What breaks first',
    columns: ['pushes an hour', 'one service: median', '95 of 100', 'waits for a build', 'for Lambda', 'for GitHub'],
    rows: PUSHES.map((pushesAnHour) => rowOf(String(pushesAnHour), { ...LARGE, pushesAnHour })),
    notes: [WAITS],
  };
}

function stepsTable(): Table {
  let settings = LARGE;
  return {
    title: `What to set, at ${LARGE.pushesAnHour} pushes an hour`,
    columns: ['setting', 'one service: median', '95 of 100', 'waits for a build', 'for Lambda', 'for GitHub'],
    rows: STEPS.map(([title, more]) => {
      settings = { ...settings, ...more };
      return rowOf(title, settings);
    }),
    notes: ['Each row has all of the rows above it.', WAITS],
  };
}

const WAITS =
  'Waits are those that 95 of 100 do not exceed; for GitHub it is what is told there that waits, not the release.';

function rowOf(title: string, settings: ScaleSettings): readonly string[] {
  const { limits, pushes } = simulate(settings);
  const wait = (name: LimitName) => limits[name].used.wait(0.95);
  const gitHub = Math.max(wait("GitHub's writes in a minute"), wait("GitHub's writes in an hour"));
  return [
    title,
    ...[
      pushes.one.wait(0.5),
      pushes.one.wait(0.95),
      wait('builds at once'),
      wait("Lambda's control calls"),
      gitHub,
    ].map(told),
  ];
}

function measuredTable(): Table {
  return {
    title: 'The model and what was measured: new code of all functions, as fast as Lambda lets it',
    columns: ['services × functions', 'limit', 'model', 'measured', 'measured / model'],
    rows: MEASURED_FLOORS.map(([services, functions, measured]) => {
      const model = simulateOneRelease(services, functions);
      const limit = limitOf(neededCalls(services * functions)) / 1000;
      return [
        `${services} × ${functions}`,
        `${limit.toFixed(1)} s`,
        `${model.toFixed(1)} s`,
        `${measured.toFixed(1)} s`,
        `${(measured / model).toFixed(2)} ×`,
      ];
    }),
    notes: ['Measured with a bare script on the local cloud at the pace of AWS: see "At AWS\'s pace" above.'],
  };
}

/** @returns a time in a unit that can be read. */
function told(seconds: number): string {
  if (seconds < 0.05) return '0 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
