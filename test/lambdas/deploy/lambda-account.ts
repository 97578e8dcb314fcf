import { LambdaBusy, throttledIfBusy } from '../../../lib/aws/target/lambda-busy';
import { type PaceOptions, pacedCalls } from '../../../lib/aws/target/paced-calls';
import type { Caller } from '../../../lib/core/contracts/call-reservations';
import { memoryCallBudget } from '../../../lib/memory/memory-call-budget';
import type { Clock } from '../../../lib/ports/clock';
import type { Functions } from '../../../lib/ports/functions';
import type { WorldPorts } from './service-world';

const PLACE = { account: '123456789012', region: 'eu-central-1' };
/** Lambda's control calls: what an account has in a second, and at once. */
const RATE = 15;
/** In milliseconds, as the benchmarks at AWS's pace have them. */
const [UPDATE, OTHERS, IN_PROGRESS] = [600, 80, 1_000];

/** A control call that reached Lambda. */
export interface ControlCall {
  readonly operation: 'updateCode' | 'publish' | 'moveAlias' | 'alias';
  readonly name: string;
  readonly at: number;
  readonly refused: boolean;
}

/**
 * The Lambda of one account, which services of several worlds share: its calls take as long as AWS's, it refuses what
 * its bucket does not hold, and a changed function is in progress for a second. Workers reserve their calls with one
 * budget.
 */
export function lambdaAccount(clock: Clock) {
  const budget = memoryCallBudget(clock);
  const calls: ControlCall[] = [];
  const readyAt = new Map<string, number>();
  let [tokens, filledAt] = [RATE, clock.now()];
  let [refusesFrom, refusesUntil] = [0, 0];

  function takes(): boolean {
    const now = clock.now();
    tokens = Math.min(RATE, tokens + ((now - filledAt) * RATE) / 1_000);
    filledAt = now;
    if ((now >= refusesFrom && now < refusesUntil) || tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  const pace = (worker: string | undefined): PaceOptions =>
    worker === 'move' ? { together: true, triesFor: 120_000 } : { waitsFor: 3_000 };

  /** @param service tells the functions of one world from those of another */
  const functionsOf = (functions: Functions, service: string, caller: Caller): Functions => {
    const paced = (worker?: string) =>
      pacedCalls({ budget, place: PLACE, caller, clock, random: () => 0.5, ...pace(worker) });
    const [control, moves] = [paced(), paced('move')];
    const call = <T>(
      operation: ControlCall['operation'],
      name: string,
      latency: number,
      run: () => Promise<T>,
    ): Promise<T> =>
      throttledIfBusy(name, () =>
        (operation === 'moveAlias' ? moves : control)(async () => {
          const isTaken = takes();
          calls.push({ operation, name: `${service} ${name}`, at: clock.now(), refused: !isTaken });
          await clock.sleep(latency);
          if (!isTaken) throw new LambdaBusy('throttled', new Error('Rate exceeded'));
          return run();
        }),
      );
    const changed = (name: string) => readyAt.set(`${service} ${name}`, clock.now() + IN_PROGRESS);
    return {
      ...functions,
      read: async (name, qualifier) => {
        await clock.sleep(OTHERS);
        const found = await functions.read(name, qualifier);
        const isReady = clock.now() >= (readyAt.get(`${service} ${name}`) ?? 0);
        return found && (isReady ? found : { ...found, readiness: 'pending' });
      },
      alias: (name, alias) => call('alias', name, OTHERS, () => functions.alias(name, alias)),
      publish: (name, codeSha256) =>
        call('publish', name, OTHERS, async () => {
          changed(name);
          return functions.publish(name, codeSha256);
        }),
      updateCode: (update) =>
        call('updateCode', update.name, UPDATE, async () => {
          changed(update.name);
          return functions.updateCode(update);
        }),
      moveAlias: (name, move) => call('moveAlias', name, OTHERS, () => functions.moveAlias(name, move)),
    };
  };

  return {
    calls,
    /** From then on, for so long, every control call is refused: somebody else uses the account. */
    refuses(from: number, milliseconds: number): void {
      [refusesFrom, refusesUntil] = [from, from + milliseconds];
    },
    /** @returns the ports of a service in this account */
    wrap:
      (service: string, rank: Caller['rank'] = 'configured') =>
      ({ states, artifacts, target }: WorldPorts): WorldPorts => ({
        states,
        artifacts,
        target: (place, caller = { id: 'none', rank }) => {
          const { functions, ...others } = target(place);
          return { ...others, functions: functionsOf(functions, service, { ...caller, rank }) };
        },
      }),
  };
}
