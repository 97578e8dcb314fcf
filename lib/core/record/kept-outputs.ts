import { fitBytes, jsonBytes } from '../text/fit-bytes';
import { nameSome } from '../text/name-some';

/**
 * An item of the state table has 400 KB, of which a service's functions and decision take some, and an execution's
 * output 256 KiB.
 */
const MOST_BYTES = 100_000;

type Outputs = Readonly<Record<string, string>>;

/**
 * @param outputs of a service's stack
 * @returns those that are kept for the builds of other services, and what to tell people of the rest; of nearly every
 *   stack that is all and nothing
 */
export function keptOutputs(outputs: Outputs): { readonly kept: Outputs; readonly warnings: readonly string[] } {
  const { fits, leftOut } = fitBytes(Object.entries(outputs), MOST_BYTES, jsonBytes);
  if (leftOut.length === 0) return { kept: outputs, warnings: [] };
  const which = `${leftOut.length === 1 ? 'output' : `${leftOut.length} outputs`} of the stack`;
  const warning =
    `other services do not get ${which}: ${nameSome(leftOut.map(([key]) => key))}. All together have ` +
    `${jsonBytes(outputs)} bytes, and ${MOST_BYTES} are kept; shorten what is long, or read it from the stack`;
  return { kept: Object.fromEntries(fits), warnings: [warning] };
}
