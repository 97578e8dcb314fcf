import { answering, type Files, fileIn } from '../test/e2e/a-service';
import type { BenchOptions } from './bench-options';
import { aLargeService, functionAt, type LargeServiceOptions } from './large-service';
import type { PacedApp, PacedPush } from './pace-app';

/** A push that is measured at AWS's pace. */
export interface PaceCase {
  /** Also the name of its app. */
  readonly name: string;
  /** What is pushed, as the first column of the table has it. */
  readonly title: string;
  /** How many functions get new code or settings. */
  readonly changed: number;
  /** Functions that a stack makes or changes; undefined if no stack is updated. */
  readonly inStack?: number;
  /** Whether a bare script can do the same. */
  readonly hasFloor: boolean;
  /** How many services are built. */
  readonly services: number;
  /** Brings the app to where the push begins. */
  setUp(app: PacedApp): Promise<void>;
  /** Pushes. @param run how often it has been pushed before */
  push(app: PacedApp, run: number): Promise<PacedPush>;
}

/** The cases by the names with which they are chosen; each makes those that the options ask for. */
export const PACE_CASES: Readonly<Record<string, (options: BenchOptions) => readonly PaceCase[]>> = {
  many: ({ services = [1, 4, 8, 16, 40], functions = [20] }) =>
    services.map((count) => everyFunction(`many-${count}`, count, functions[0]!)),
  'one-of-n': ({ functions = [10, 100, 160] }) => functions.map(oneHandler),
  'all-of-n': ({ functions = [100] }) => functions.map((count) => everyFunction(`all-of-${count}`, 1, count)),
  variable: ({ functions = [100] }) => functions.map(oneVariable),
  first: ({ functions = [100] }) => functions.map(firstDeploy),
  nothing: ({ functions = [20] }) => functions.map(emptyCommit),
};

const ONLY = { path: 'service' } as const;

/** The only service of an app. */
const alone = (name: string, functions: number, more: Partial<LargeServiceOptions> = {}): Files =>
  aLargeService({ ...ONLY, name, functions, text: 'version 0', ...more });

/** As when code changes that all services share. */
function everyFunction(name: string, services: number, functions: number): PaceCase {
  const files = (text: string) =>
    Object.assign(
      {},
      ...Array.from({ length: services }, (_, index) =>
        aLargeService({ path: `services/s${index}`, name: `${name}-${index}`, functions, text }),
      ),
    ) as Files;
  return {
    name,
    title: `all functions of ${services} × ${functions}`,
    changed: services * functions,
    hasFloor: true,
    services,
    setUp: (app) => app.setUp(files('version 0')),
    push: (app, run) => app.push(files(`version ${run + 1}`), services),
  };
}

function oneHandler(functions: number): PaceCase {
  const name = `one-of-${functions}`;
  return {
    name,
    title: `one handler of ${functions}`,
    changed: 1,
    hasFloor: true,
    services: 1,
    setUp: (app) => app.setUp(alone(name, functions)),
    push: (app, run) => app.push({ [fileIn(ONLY.path, `${functionAt(0)}.js`)]: answering(`version ${run + 1}`) }),
  };
}

function oneVariable(functions: number): PaceCase {
  const name = `variable-${functions}`;
  return {
    name,
    title: `a variable of one of ${functions}`,
    changed: 1,
    inStack: 1,
    hasFloor: false,
    services: 1,
    setUp: (app) => app.setUp(alone(name, functions, { variable: 'before' })),
    push: (app, run) => app.push(alone(name, functions, { variable: `run ${run}` })),
  };
}

function firstDeploy(functions: number): PaceCase {
  const name = `first-${functions}`;
  return {
    name,
    title: `first deploy of ${functions}`,
    changed: functions,
    inStack: functions,
    hasFloor: false,
    services: 1,
    setUp: async () => undefined,
    // Each run is another service's, whose stack is not there yet, and the one before is gone from the repository.
    push: (app, run) =>
      app.push({
        ...(run > 0 && withoutFiles(alone(name, functions), `run-${run - 1}`)),
        ...moved(alone(`${name}-${run}`, functions), `run-${run}`),
      }),
  };
}

function emptyCommit(functions: number): PaceCase {
  const name = `nothing-${functions}`;
  return {
    name,
    title: 'an empty commit, one service',
    changed: 0,
    hasFloor: false,
    services: 1,
    setUp: (app) => app.setUp(alone(name, functions)),
    push: (app) => app.push({}),
  };
}

const moved = (files: Files, directory: string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]));
const withoutFiles = (files: Files, directory: string): Files =>
  Object.fromEntries(Object.keys(files).map((path) => [`${directory}/${path}`, null]));
