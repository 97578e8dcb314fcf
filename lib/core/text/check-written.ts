import * as z from 'zod';
import { isJsonObject } from './canonical-json';
import { useInstead } from './nearest';
import { type ConfigProblem, keyText, type Place, shown, valueAt } from './place';

/** What a schema found in a value: the value as it is to be used, unless there are problems. */
export interface Checked<Output> {
  readonly data?: Output;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Checks what somebody wrote in a configuration file, and says what is wrong in the words of that person.
 *
 * A message of the schema (`error`) is the end of a sentence that begins with the key and its value: `write a list`
 * becomes `"apps.shop.branches" is 7; write a list`. If the message begins with a comma, it takes the place of the
 * semicolon.
 *
 * @param place where the value stands in its file; unless given, it is the whole file
 * @param expected what to write, by the name of a key, for schemas without a message of their own
 */
export function checkWritten<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { place = [], expected = {} }: { readonly place?: Place; readonly expected?: Readonly<Record<string, string>> } = {},
): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: (issue) => expectedAt(issue.path ?? [], expected) });
  const overlooked = placesOf(OVERLOOKED, value).map((path): ConfigProblem => {
    const at = [...place, ...path];
    return { place: at, message: `"${keyText(at)}" is a name that nothing may have; remove it, or choose another` };
  });
  if (parsed.success && overlooked.length === 0) return { data: parsed.data, problems: [] };
  const issues = parsed.error?.issues ?? [];
  return { problems: [...overlooked, ...issues.flatMap((issue) => describe(issue, { schema, value, place }))] };
}

/** Zod leaves this key out of what it reads, without a word. */
const OVERLOOKED = '__proto__';

/** @returns where a key stands in a value; in what aliases repeat, once. */
function placesOf(key: string, value: unknown, seen = new Set<unknown>()): readonly Place[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const below = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return below.flatMap(([name, inner]): readonly Place[] =>
    name === key ? [[name]] : placesOf(key, inner, seen).map((path) => [name, ...path]),
  );
}

interface Written {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly place: Place;
}

function describe(issue: z.core.$ZodIssue, written: Written): readonly ConfigProblem[] {
  const { schema, value } = written;
  const place = [...written.place, ...issue.path];
  const key = `"${keyText(place)}"`;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((name) => {
      const hint = useInstead(name, known, { otherwise: `known keys: ${known.join(', ')}` });
      return { place: [...place, name], message: `unknown key "${keyText([...place, name])}"; ${hint}` };
    });
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map(({ message }) => message).join('; ');
    return [{ place, message: `${key} is not a valid name; ${why}` }];
  }
  const option = issue.code === 'invalid_union' ? issue.errors.find(isOfThatShape) : undefined;
  if (option !== undefined) {
    return option.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, written));
  }
  const found = valueAt(value, issue.path);
  const end = issue.message.startsWith(', ') ? issue.message : `; ${issue.message}`;
  return [{ place, message: `${place.length === 0 ? 'the file' : key} ${what(found, { issue, place })}${end}` }];
}

function what(found: unknown, { issue, place }: { issue: z.core.$ZodIssue; place: Place }): string {
  if (place.length === 0) return `holds ${shown(found)}`;
  if (found === undefined) return 'is missing';
  return issue.code === 'too_big' && Array.isArray(found) ? `has ${found.length} entries` : `is ${shown(found)}`;
}

/** Of several ways to write a value, its writer meant the one of the value's own type. */
const isOfThatShape = (issues: readonly z.core.$ZodIssue[]): boolean =>
  !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/**
 * The last key of a place that has an entry, by itself or with the key above it: list indexes and names that users
 * chose have none.
 */
function expectedAt(place: Place, expected: Readonly<Record<string, string>>): string | undefined {
  const keys = place.filter((part) => typeof part !== 'number').map(String);
  const entries = keys.flatMap((key, index) => [key, `${keys[index - 1]}.${key}`]);
  const entry = entries.findLast((name) => Object.hasOwn(expected, name));
  return entry === undefined ? undefined : expected[entry];
}

/** @returns the keys that an object of the schema may have at a place. */
function knownKeys(schema: z.ZodType, place: Place): readonly string[] {
  const inner = unwrapped(place.reduce((at: z.ZodType, part) => below(unwrapped(at), part), schema));
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.keys(inner.shape).filter((key) => !(unwrapped(inner.shape[key]) instanceof z.ZodNever));
}

function below(schema: z.ZodType, part: PropertyKey): z.ZodType {
  if (schema instanceof z.ZodObject) return schema.shape[String(part)];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return schema;
}

/** Takes defaults, options and preprocessing off a schema; of several ways to write a value it takes the map. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out as z.ZodType);
  if (!(schema instanceof z.ZodUnion)) return schema;
  const options = (schema.options as readonly z.ZodType[]).map(unwrapped);
  return options.find((option) => option instanceof z.ZodObject) ?? schema;
}

/**
 * Reads what is right of a value that has problems, so that a later check can tell what else is wrong at the same time.
 *
 * @returns the value without what is wrong in it: a key is absent, an item of a list `undefined`. Where the schema
 *   allows neither, the whole map or list is left out.
 */
export function rightPartOf<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : (rightParts(unwrapped(schema), value) as z.output<Schema> | undefined);
}

function rightParts(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    const items = value.map((item) => rightPartOf(element, item));
    return items.includes(undefined) && !mayBeAbsent(element) ? undefined : items;
  }
  if (schema instanceof z.ZodObject && isJsonObject(value)) {
    const fields = Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>);
    const right = fields.map(([key, field]) => ({ key, field, part: rightPartOf(field, value[key]) }));
    const there = right.filter(({ part }) => part !== undefined);
    if (right.some(({ part, field }) => part === undefined && !mayBeAbsent(field))) return undefined;
    return Object.fromEntries(there.map(({ key, part }) => [key, part]));
  }
  return undefined;
}

const mayBeAbsent = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;
