import * as z from 'zod';
import { DOOR_CALLS, type DoorCall, namedInPath, routeOf } from '../contracts/door';
import { ReleaseError } from '../contracts/errors';
import { useInstead } from '../text/nearest';

/** A request as it came, without what belongs to HTTP alone. */
export interface DoorRequest {
  /** What is in the path's braces, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** As it is in the URL, without `?`. */
  readonly query: string;
  readonly body: string;
  /** Who calls, as AWS says. */
  readonly by: string;
}

/**
 * Reads what a caller asks for. App and stage are those of the path, which IAM has judged, and who calls is whom AWS
 * names: a body or query that says the same or otherwise is refused, as is all that the call does not take.
 *
 * @returns the input of the worker that answers
 * @throws ReleaseError `CallInvalid` with each key that is wrong, and how to mend it
 */
export function readCall(name: DoorCall, { path, query, body, by }: DoorRequest): unknown {
  const { input } = DOOR_CALLS[name];
  const { method, path: template } = routeOf(name);
  const inPath = namedInPath(template);
  const where = method === 'GET' ? 'query' : 'body';
  const given = method === 'GET' ? readQuery(query, input) : readBody(body);
  const known = Object.keys(input.shape).filter((key) => !inPath.includes(key) && key !== 'by');
  const problems = Object.keys(given)
    .filter((key) => !known.includes(key))
    .slice(0, MOST_PROBLEMS)
    .map((key) => `${where}: ${unknownKey(key, { inPath, known })}`);
  if (problems.length > 0) throw invalid(name, problems);

  const named = Object.fromEntries(inPath.map((key) => [key, path[key] ?? '']));
  const whole = { ...given, ...named, ...('by' in input.shape && { by }) };
  const parsed = input.safeParse(whole);
  if (parsed.success) return whole;
  throw invalid(
    name,
    parsed.error.issues.slice(0, MOST_PROBLEMS).map(({ path: [first, ...rest], message }) => {
      if (first === undefined) return `${where}: ${message}`;
      const value = inPath.includes(String(first)) ? ` "${named[String(first)]}"` : '';
      return `${inPath.includes(String(first)) ? 'path' : where}: ${[first, ...rest].map(String).join('.')}${value}: ${message}`;
    }),
  );
}

/** As many as a person reads. */
const MOST_PROBLEMS = 10;

interface Known {
  readonly inPath: readonly string[];
  readonly known: readonly string[];
}

function unknownKey(key: string, { inPath, known }: Known): string {
  if (key === 'by') return '"by" is whom AWS names as the caller; leave it out';
  if (inPath.includes(key)) return `"${key}" is what the path says; leave it out`;
  return `"${key}" is not known; ${known.length === 0 ? 'leave it out' : useInstead(key, known)}`;
}

/** In characters, so that no answer grows with what somebody sends. */
const LONGEST = 2_000;

const invalid = (name: DoorCall, problems: readonly string[]): ReleaseError =>
  new ReleaseError('CallInvalid', `${DOOR_CALLS[name].route}: ${problems.join('; ')}`.slice(0, LONGEST));

/** In characters: the names of a thousand services, and far less than Lambda takes. */
const LONGEST_BODY = 1024 * 1024;

function readBody(body: string): Readonly<Record<string, unknown>> {
  if (body.trim() === '') return {};
  if (body.length > LONGEST_BODY)
    throw new ReleaseError('CallInvalid', `body: it has ${body.length} characters; send at most ${LONGEST_BODY}`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ReleaseError('CallInvalid', 'body: it is not JSON; send a JSON object');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ReleaseError('CallInvalid', 'body: it is not a JSON object; send one');
}

/** A query has texts only: what the input takes tells what they stand for. A list has its key several times. */
function readQuery(query: string, input: z.ZodObject): Readonly<Record<string, unknown>> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((key) => {
      const values = parameters.getAll(key);
      // A caller may name anything, such as what every object has.
      const schema = Object.hasOwn(input.shape, key) ? input.shape[key] : undefined;
      return [key, values.length > 1 || kindOf(schema) === 'array' ? values : textValue(values[0]!, schema)];
    }),
  );
}

function textValue(text: string, schema: z.core.$ZodType | undefined): unknown {
  const kind = kindOf(schema);
  if (kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (kind === 'number' && /^\d+$/.test(text)) return Number(text);
  return text;
}

/** @returns what a schema is of, within what may be left out or has a default. */
function kindOf(schema: z.core.$ZodType | undefined): string | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner?._zod.def.type;
}
