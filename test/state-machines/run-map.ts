import type { Json } from '../../lib/core/text/canonical-json';
import type { Flow, MapState } from './definition';
import { evaluateTo } from './expressions';
import type { Frame, Visit } from './frame';
import { asPayload } from './payload';
import { StateError } from './state-error';

/**
 * An inline Map works on no more at once: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
const MOST_AT_ONCE = 40;

/**
 * Runs a flow for each item, as many at once as the state says. When one fails the Map has failed: of the others no
 * further state is entered, while what a task of theirs has begun goes on.
 *
 * @param runFlow takes an item from state to state
 * @returns the outputs in the order of the items
 */
export async function runMap(
  visit: Visit,
  state: MapState,
  runFlow: (flow: Flow, input: Json, frame: Frame) => Promise<Json>,
): Promise<Json> {
  const { frame, name, names } = visit;
  const items = await evaluateTo('array', state.Items, names());
  const atOnce = await atOnceOf(visit, state);

  let hasFailed = false;
  let next = 0;
  const outputs: Json[] = [];
  const workThrough = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next;
      next += 1;
      outputs[index] = await runFlow(state.ItemProcessor, asPayload(`item ${index} of "${name}"`, items[index]), {
        ...frame,
        variables: frame.variables.inner(),
        context: { ...frame.context, Map: { Item: { Index: index, Value: items[index]! } } },
        isStopped: () => hasFailed || frame.isStopped(),
      });
    }
  };
  const atWork = Array.from({ length: Math.min(atOnce, items.length) }, () =>
    workThrough().catch((error) => {
      hasFailed = true;
      throw error;
    }),
  );
  await Promise.all(atWork);
  return outputs;
}

async function atOnceOf({ name, names }: Visit, { MaxConcurrency = 0 }: MapState): Promise<number> {
  const most = await evaluateTo('number', MaxConcurrency, names());
  if (!Number.isInteger(most) || most < 0) {
    throw new StateError('States.Runtime', `"${name}" cannot work on ${most} items at once`);
  }
  return most === 0 ? MOST_AT_ONCE : Math.min(most, MOST_AT_ONCE);
}
