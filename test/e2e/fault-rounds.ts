import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { hasEnded } from '../../lib/cli/show/follow-release';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { FaultKind } from '../../lib/local/gateway/faults';
import type { AnApp } from './an-app';
import { discrepancies } from './reality';
import { forgetCalls, heal, inject, injected, isRead, nameOf, type WorkerCall, workerCalls } from './worker-calls';

/** A release that faults are put into. */
export interface Scenario {
  /** How it ends without a fault. */
  readonly end: ReleaseRecord['status'];
  /** Starts it, and does to it what belongs to it. @returns the release */
  start(): Promise<ReleaseKey>;
  /**
   * @param isAsUsual whether the release ended as it does without a fault
   * @returns what is wrong with the answers of the service
   */
  wrongAnswers(isAsUsual: boolean): Promise<readonly string[]>;
}

/** A fault at a call of a scenario. */
export interface Row {
  readonly scenario: Scenario;
  readonly call: WorkerCall;
  readonly kind: FaultKind;
}

/** A row that is still to be tried. */
interface OpenRow {
  readonly row: Row;
  /** How often its fault was put into a release and did not happen. */
  readonly attempts: number;
  /** Whether it gets a release of its own. */
  readonly isAlone: boolean;
}

/**
 * What became of a release with a fault in it:
 *
 * - `healed`: it ended as it does without the fault
 * - `failed`: it ended otherwise, and left everything whole as it was before
 * - `swept`: all was well after a sweep
 * - `next release`: all was well after the next push
 * - `broken`: all is not well even then
 */
export type Outcome = 'healed' | 'failed' | 'swept' | 'next release' | 'broken';

export interface Result extends Row {
  /** Whether the fault happened in the end. */
  readonly happened: boolean;
  readonly outcome: Outcome;
  /** What was wrong at the release's end. */
  readonly wrong: readonly string[];
}

/**
 * Which faults to try: some of each; with `SEEDBED_FAULTS=all` every kind at every call, which takes hours; with
 * `SEEDBED_FAULTS=2/8` the second of eight parts of those.
 */
const { SEEDBED_FAULTS = '' } = process.env;
const [PART, PARTS] = /^\d+\/\d+$/.test(SEEDBED_FAULTS) ? SEEDBED_FAULTS.split('/').map(Number) : [1, 1];
export const ALL_FAULTS = SEEDBED_FAULTS === 'all' || PARTS! > 1;
/** Faults that one worker gets in one release: no more than a state machine tries again. */
const PER_WORKER = ALL_FAULTS ? 3 : 4;
/**
 * How often a release is tried with a fault that did not happen: another one ended the release before, or the call is
 * not made each time, such as a look at a stack whose update ends in a moment.
 */
const ATTEMPTS = 6;
const SWEEPS = 10;

/**
 * Puts faults into the releases of an app, as many at a time as do not hide each other, and sees what is left of them.
 */
export class FaultRounds {
  readonly #lambda = lambdaClient({ answerWithin: 0 });
  #sweep: Promise<string> | undefined;

  /** @param mend brings a good version; used after releases that did not end as they should have */
  constructor(
    private readonly app: AnApp,
    private readonly mend: () => Promise<void>,
  ) {}

  /**
   * Runs the scenarios without faults, to learn which calls they make.
   * @param kinds to try at one call each, besides the kind that is tried at many
   * @returns the faults to try at the calls of each that no scenario before it has made
   */
  async rows(scenarios: readonly Scenario[], kinds: readonly FaultKind[] = []): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const scenario of scenarios) {
      await forgetCalls();
      const { status } = await this.#ended(await scenario.start());
      await this.sweep();
      const wrong = await scenario.wrongAnswers(status === scenario.end);
      if (status !== scenario.end || wrong.length > 0) throw new Error(`without a fault, it ${status}: ${wrong}`);
      const known = new Set(rows.map(({ call }) => nameOf(call)));
      const calls = (await workerCalls()).filter((call) => !known.has(nameOf(call)));
      rows.push(...faultsAt(calls).map((fault) => ({ ...fault, scenario })));
    }
    if (ALL_FAULTS) return rows.sort(byName).filter((_, index) => index % PARTS! === PART! - 1);
    const workers = new Map(rows.filter(({ call }) => !isRead(call)).map((row) => [row.call.worker, row]));
    return [...rows, ...[...workers.values()].slice(0, kinds.length).map((row, i) => ({ ...row, kind: kinds[i]! }))];
  }

  /**
   * Tries all rows, one scenario after the other.
   * @param keep gets the results so far, again and again
   */
  async run(
    rows: readonly Row[],
    keep: (results: readonly Result[]) => Promise<void> = async () => {},
  ): Promise<readonly Result[]> {
    const results: Result[] = [];
    let open: readonly OpenRow[] = rows.map((row) => ({ row, attempts: 0, isAlone: false }));
    while (open.length > 0) {
      const batch = firstBatch(open);
      const tried = await this.#try(batch);
      open = open.flatMap((one) => {
        const result = tried.get(one.row);
        if (result === undefined) return [one];
        const attempts = one.attempts + 1;
        if (!result.happened && attempts < ATTEMPTS) return [{ ...one, attempts }];
        // Which of them was it?
        if (ALL_FAULTS && result.outcome !== 'healed' && batch.length > 1)
          return [{ ...one, attempts: 0, isAlone: true }];
        results.push(result);
        return [];
      });
      await keep(results);
    }
    return results;
  }

  /** Runs the sweep, once more if it dies. */
  async sweep(): Promise<void> {
    this.#sweep ??= this.#findSweep();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { FunctionError } = await this.#lambda.send(new InvokeCommand({ FunctionName: await this.#sweep }));
      if (FunctionError === undefined) return;
    }
  }

  async #try(batch: readonly Row[]): Promise<ReadonlyMap<Row, Result>> {
    const { scenario } = batch[0]!;
    for (const { call, kind } of batch) await inject(call, kind);
    const key = await scenario.start();
    const { status } = await this.#ended(key);
    if (batch.some(({ call }) => call.worker === 'Sweep')) await this.sweep();
    const isAsUsual = status === scenario.end;
    const check = async () => [...(await discrepancies(key)), ...(await scenario.wrongAnswers(isAsUsual))];
    const wrong = await check();
    const counts = await injected(); // those of this release: to repair it may heal all faults
    const outcome = wrong.length === 0 ? (isAsUsual ? 'healed' : 'failed') : await this.#repair(check);
    await heal();
    if (!isAsUsual) await this.mend();
    return new Map(batch.map((row, index) => [row, { ...row, happened: counts[index]!.happened > 0, outcome, wrong }]));
  }

  /** @returns what it took to make all well again. */
  async #repair(check: () => Promise<readonly string[]>): Promise<Outcome> {
    for (let sweeps = 0; sweeps < SWEEPS; sweeps += 1) {
      await this.sweep();
      if ((await check()).length === 0) return 'swept';
      await sleep(500);
    }
    await heal();
    await this.mend();
    return (await check()).length === 0 ? 'next release' : 'broken';
  }

  /** Waits for the end of a release; if nobody else ends it, the sweep does, here within seconds. */
  async #ended(key: ReleaseKey): Promise<ReleaseRecord> {
    for (let looks = 1; ; looks += 1) {
      const record = await this.app.platform.releases.find(key);
      if (record && hasEnded(record)) return record;
      if (looks % 100 === 0) await this.sweep();
      await sleep(100);
    }
  }

  async #findSweep(): Promise<string> {
    const { Functions = [] } = await this.#lambda.send(new ListFunctionsCommand({ MaxItems: 1000 }));
    return Functions.find(({ FunctionName = '' }) => FunctionName.startsWith('Seedbed-RecordWorkersSweep'))!
      .FunctionName!;
  }
}

/** The same order whichever order the calls were made in, so that parts are the same in each run. */
const nameOfRow = ({ call, kind }: Row): string => `${nameOf(call)} ${kind}`;
const byName = (one: Row, other: Row): number => nameOfRow(one).localeCompare(nameOfRow(other));

/** Of the faults that are not needed for a claim, one in so many is tried in the ordinary run. */
const ONE_IN = 6;

/**
 * Every release with faults takes some seconds, and there are many calls.
 * @returns of the faults at each worker's calls the first, each of another kind than the usual one, and some of the
 * rest;
 *   all of them in the long run
 */
export function someOf(rows: readonly Row[]): readonly Row[] {
  if (ALL_FAULTS) return rows;
  const seen = new Set<string>();
  return rows.filter(({ call, kind }, index) => {
    const isFirst = !seen.has(call.worker);
    seen.add(call.worker);
    return isFirst || kind !== 'kill-after' || index % ONE_IN === 0;
  });
}

/** @returns the faults to try at the calls of a scenario. */
function faultsAt(calls: readonly WorkerCall[]): readonly Pick<Row, 'call' | 'kind'>[] {
  if (ALL_FAULTS) return calls.flatMap((call) => FaultKind.options.map((kind) => ({ call, kind })));
  // The cruellest of all at every call that changes something, and at one of each worker's others.
  const chosen = calls.filter((call, index, all) =>
    isRead(call) ? all.findIndex(({ worker }) => worker === call.worker) === index : !cutsHook(call),
  );
  return chosen.map((call) => ({ call, kind: 'kill-after' }));
}

/** A user's hook that is cut off is not run again: the release waits for its time-out, which is for the long run. */
export const cutsHook = (call: WorkerCall): boolean => call.worker === 'BeforeTraffic' && !isRead(call);

/** @returns the next rows that fit into one release: of one scenario, and few for each worker. */
function firstBatch(open: readonly OpenRow[]): readonly Row[] {
  const [first] = open;
  if (first!.isAlone) return [first!.row];
  const batch: Row[] = [];
  for (const { row, isAlone } of open) {
    const ofWorker = batch.filter(({ call }) => call.worker === row.call.worker);
    const isTaken = ofWorker.some(({ call }) => nameOf(call) === nameOf(row.call));
    const fits = row.scenario === first!.row.scenario && ofWorker.length < PER_WORKER;
    if (!isAlone && fits && !isTaken) batch.push(row);
  }
  return batch;
}
