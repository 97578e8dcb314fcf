import { type DoorCall, type DoorInput, namedInPath, routeOf } from '../contracts/door';
import { ReleaseError } from '../contracts/errors';

/** What to send to the door. */
export interface WrittenCall {
  readonly method: 'GET' | 'POST';
  /** From the API's stage on, with escapes. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** API Gateway takes 10,240 bytes of request line and headers together, of which a session's token has some 2,000. */
const LONGEST_QUERY = 6_000;

/**
 * Writes a call as the door reads it.
 * @throws ReleaseError `CallInvalid` if there is more than a URL takes
 */
export function writeCall<Call extends DoorCall>(name: Call, input: DoorInput<Call>): WrittenCall {
  const { method, path } = routeOf(name);
  const values = input as Readonly<Record<string, unknown>>;
  const inPath = namedInPath(path);
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values[key])));
  const others = Object.entries(values).filter(([key, value]) => !inPath.includes(key) && value !== undefined);
  if (method === 'POST') return { method, path: filled, query: {}, body: JSON.stringify(Object.fromEntries(others)) };
  const query = Object.fromEntries(
    others.map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
  );
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) for (const one of [value].flat()) parameters.append(key, one);
  const { length } = parameters.toString();
  if (length <= LONGEST_QUERY) return { method, path: filled, query };
  throw new ReleaseError(
    'CallInvalid',
    `what you ask for has ${length} characters in a URL, which takes ${LONGEST_QUERY}; name fewer services`,
  );
}
