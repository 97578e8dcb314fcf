import { parseJson } from '../../lib/core/text/parse-json';
import { callBack } from './cases';
import { ownDefinitions } from './definitions';
import { stateMachines } from './state-machines';
import { answerOfWatcher, inputOf, SCENARIOS, stub, WORKERS } from './stubs';
import { virtualClock } from './virtual-clock';

/** What became of an execution. */
export interface Outcome {
  /** Its output, or its error and cause. */
  readonly ends: object;
  /** The states that it entered, in order, but for those within Maps. */
  readonly enters: readonly string[];
}

/** @returns what the interpreter of the tests makes of a scenario */
export async function interpretScenario(scenario: string): Promise<Outcome> {
  const definitions = ownDefinitions();
  const { machine } = SCENARIOS[scenario]!;
  const clock = virtualClock();
  const enters: string[] = [];
  const machines = stateMachines({
    definitions,
    functions: Object.fromEntries(WORKERS.map((worker) => [worker, stub(worker)])),
    putItem: async (item) => {
      const answer = answerOfWatcher(item);
      if (answer) await callBack(machines.callbacks, answer);
    },
    now: clock.now,
    sleep: clock.sleep,
    entered: (state, execution, of) => void (execution === 'own' && of === machine && enters.push(state)),
  });
  const { status: _, ...ends } = await machines.run(machine, { name: 'own', input: inputOf(scenario) });
  return { ends, enters: enters.filter((state) => Object.hasOwn(definitions[machine]!.States, state)) };
}

/** @returns the outcome with its cause read: the text of a cause is the same JSON, written differently */
export const comparable = ({ ends, enters }: Outcome): Outcome => ({
  ends: 'cause' in ends ? { ...ends, cause: parseJson(String(ends.cause)) ?? ends.cause } : ends,
  enters,
});
