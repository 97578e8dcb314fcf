import { WAITS } from '../../lib/core/contracts/wait';
import type { Json, JsonObject } from '../../lib/core/text/canonical-json';
import type { WaitAnswer } from './cases';
import type { LambdaFunction } from './state-machines';

const PREPARED = [{ logicalId: 'List' }, { logicalId: 'Get' }];

/** What stubs of our workers answer, by the names of their modules, unless a scenario says otherwise. */
const ANSWERS: Readonly<Record<string, JsonObject>> = {
  plan: { phases: [], parallel: 2, afterAll: true },
  finish: {},
  watch: { status: 'ended' },
  'start-build': { buildId: 'build' },
  'wait-for-build': { status: 'done' },
  'take-package': {},
  decide: { decision: { kind: 'full' }, batches: [{ functions: 1 }], gradual: false, hooks: [] },
  'start-stack-update': { kind: 'update' },
  'wait-for-stack': { status: 'done' },
  'read-functions': { batches: [{ functions: 1 }, { functions: 2 }] },
  'prepare-functions': { status: 'done', batch: { prepared: PREPARED } },
  'start-shift': { shift: { at: 1 }, atOnce: [], decision: { kind: 'full', shifts: 1 } },
  'wait-for-shift': { status: 'done', shift: { at: 2 }, moved: ['List'] },
  'stop-shift': { status: 'done' },
  'move-aliases': { status: 'done' },
  'put-code-back': {},
  'restore-functions': {},
  record: { status: 'deployed' },
  'record-failure': { status: 'failed' },
  'prepare-removal': { hooks: [] },
  'remove-shifts': { status: 'done' },
  'empty-buckets': { status: 'done', deleted: 3 },
  'start-stack-deletion': { kind: 'delete' },
  'verify-removal': { status: 'gone' },
  'record-removal': { status: 'removed' },
};

/** What a stub does in a scenario: answer something else, or fail with an error of that name. */
type Instead = JsonObject | { readonly fails: string };

/** A way through one of our definitions. */
export interface Scenario {
  readonly machine: 'Seedbed-Release' | 'Seedbed-ServiceRelease';
  /** What is in the release beside the scenario's name. */
  readonly release?: JsonObject;
  /** By the names of the workers' modules. */
  readonly instead?: Readonly<Record<string, Instead>>;
  /** Whether no watcher calls back the states that wait: they fall back on the wait workers. */
  readonly isUnwatched?: boolean;
}

const inFull = { kind: 'full' };
const gradual = { decision: inFull, batches: [], gradual: true, hooks: [] };
const phases = (scenario: string) => [
  [1, 2].map((count) => ({ executionName: `${scenario}-${count}`, service: { path: `service-${count}` } })),
  [{ executionName: `${scenario}-3`, service: { path: 'service-3' } }],
];

/** Ways that end well and ways that do not, through every part of both definitions. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'in-full': { machine: 'Seedbed-ServiceRelease' },
  unchanged: {
    machine: 'Seedbed-ServiceRelease',
    instead: { decide: { decision: { kind: 'skip' }, batches: [], gradual: false, hooks: [] } },
  },
  'with-hooks': {
    machine: 'Seedbed-ServiceRelease',
    instead: { decide: { decision: inFull, batches: [], gradual: false, hooks: ['before_deploy', 'after_deploy'] } },
  },
  gradually: { machine: 'Seedbed-ServiceRelease', instead: { decide: gradual } },
  'build-fails': { machine: 'Seedbed-ServiceRelease', instead: { 'wait-for-build': { fails: 'BuildFailed' } } },
  'stack-fails': { machine: 'Seedbed-ServiceRelease', instead: { 'wait-for-stack': { fails: 'StackFailed' } } },
  'function-fails': {
    machine: 'Seedbed-ServiceRelease',
    instead: { 'prepare-functions': { fails: 'FunctionUpdateFailed' } },
  },
  'shift-fails': {
    machine: 'Seedbed-ServiceRelease',
    instead: {
      decide: gradual,
      'wait-for-shift': { status: 'done', shift: {}, moved: ['List'], error: { Error: 'ShiftFailed', Cause: 'no' } },
    },
  },
  'nothing-can-be-put-back': {
    machine: 'Seedbed-ServiceRelease',
    instead: {
      decide: gradual,
      'wait-for-shift': { fails: 'ShiftFailed' },
      'stop-shift': { fails: 'TypeError' },
      'restore-functions': { fails: 'TypeError' },
      'record-failure': { fails: 'TypeError' },
    },
  },
  'rolled-back': {
    machine: 'Seedbed-ServiceRelease',
    release: { rollback: { to: 'earlier' } },
    instead: {
      'prepare-functions': { status: 'done', batch: { prepared: [{ logicalId: 'List', reused: true }] } },
    },
  },
  removed: { machine: 'Seedbed-ServiceRelease', release: { remove: {} } },
  'removed-without-its-code': {
    machine: 'Seedbed-ServiceRelease',
    release: { remove: {} },
    instead: { 'prepare-removal': { hooks: ['before_remove'] }, 'start-build': { fails: 'CommitNotFound' } },
  },
  released: {
    machine: 'Seedbed-Release',
    instead: { plan: { phases: phases('released'), parallel: 2, afterAll: true } },
  },
  'nothing-planned': {
    machine: 'Seedbed-Release',
    instead: { plan: { phases: [], parallel: 40, afterAll: false } },
  },
  'plan-fails': { machine: 'Seedbed-Release', instead: { plan: { fails: 'NoServiceFound' } } },
  'a-service-fails': {
    machine: 'Seedbed-Release',
    instead: {
      plan: { phases: phases('a-service-fails'), parallel: 1, afterAll: true },
      decide: { fails: 'ManifestInvalid' },
    },
  },
  'nobody-watches': {
    machine: 'Seedbed-ServiceRelease',
    isUnwatched: true,
    instead: { decide: { decision: inFull, batches: [], gradual: true, hooks: ['after_deploy'] } },
  },
  'nobody-watches-what-fails': {
    machine: 'Seedbed-ServiceRelease',
    isUnwatched: true,
    instead: { 'wait-for-stack': { fails: 'StackFailed' } },
  },
  'nothing-to-update': {
    machine: 'Seedbed-ServiceRelease',
    instead: { 'start-stack-update': { kind: 'none' } },
  },
  'after-all-fails': { machine: 'Seedbed-Release', instead: { 'wait-for-build': { fails: 'HookFailed' } } },
};

/** @returns definitions whose states give up after a second without a heartbeat, where time is real */
export const impatient = <Definitions>(definitions: Definitions): Definitions =>
  JSON.parse(JSON.stringify(definitions).replaceAll(/"HeartbeatSeconds":\d+/g, '"HeartbeatSeconds":1'));

/** The input of a scenario's execution, which tells the stubs of it. */
export const inputOf = (scenario: string): Json => {
  const { machine, release: more } = SCENARIOS[scenario]!;
  const release = { id: scenario, scenario, ...more };
  return machine === 'Seedbed-Release' ? release : { release, service: { path: 'service' } };
};

export const WORKERS = Object.keys(ANSWERS);

/** @returns what a stub does in a scenario */
export const answerOf = (worker: string, scenario: string): Instead =>
  SCENARIOS[scenario]?.instead?.[worker] ?? ANSWERS[worker]!;

/**
 * What a watcher answers to a state that waits: the same as the wait worker, which is called `wait-for-<kind>`.
 * @param item as the state machine writes it to the table
 * @returns nothing if no watcher is there in the scenario
 */
export function answerOfWatcher(item: Json): WaitAnswer | undefined {
  const { pk, token, subject } = item as Readonly<Record<string, { readonly S: string }>>;
  const scenario = pk!.S.slice(WAITS.length);
  const { kind } = JSON.parse(subject!.S) as { readonly kind: string };
  if (SCENARIOS[scenario]?.isUnwatched) return undefined;
  return { token: token!.S, answer: answerOf(`wait-for-${kind}`, scenario) };
}

/**
 * What becomes of a state whose wait nobody watches, at once.
 * @param item as the state machine writes it to the table
 */
export const withoutHeartbeat = (item: Json): WaitAnswer => ({
  token: (item as { readonly token: { readonly S: string } }).token.S,
  answer: { fails: 'States.HeartbeatTimeout' },
});

/** @returns the stub of a worker */
export const stub =
  (worker: string): LambdaFunction =>
  async (event) => {
    const { scenario } = (event as { readonly release: { readonly scenario: string } }).release;
    const answer = answerOf(worker, scenario);
    if ('fails' in answer) throw Object.assign(new Error('so it should'), { name: answer.fails });
    return answer;
  };

/** @returns the code of the same stub */
export const stubCode = (worker: string): string => `
  const ANSWERS = ${JSON.stringify(
    Object.fromEntries(Object.keys(SCENARIOS).map((scenario) => [scenario, answerOf(worker, scenario)])),
  )};
  exports.handler = async ({ release }) => {
    const answer = ANSWERS[release.scenario];
    if ('fails' in answer) throw Object.assign(new Error('so it should'), { name: answer.fails });
    return answer;
  };`;
