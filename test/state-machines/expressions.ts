import jsonata, { type Expression } from 'jsonata';
import { isJsonObject, type Json } from '../../lib/core/text/canonical-json';
import { QUERY_FAILED, StateError } from './state-error';

/** What expressions may name: variables, `states`, and functions that stand for those of JSONata. */
export type Names = Readonly<Record<string, unknown>>;

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/**
 * Functions that Step Functions has instead of JSONata's or beside them, which we do not use, and one that it does not
 * have: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
const NOT_INTERPRETED = /\$(eval|hash|now|parse|partition|random|range|uuid)\s*\(/;

const parsed = new Map<string, Expression>();

/** @returns the expressions within a field. */
export function expressionsOf(field: unknown): readonly string[] {
  if (typeof field === 'string') return EXPRESSION.exec(field)?.slice(1) ?? [];
  if (Array.isArray(field)) return field.flatMap(expressionsOf);
  return isJsonObject(field) ? Object.values(field).flatMap(expressionsOf) : [];
}

/**
 * @param text JSONata 2.0.6, without `{%` and `%}`: the version that Step Functions has
 * @throws Error if it is none, or calls a function that is not interpreted
 */
export function parse(text: string): Expression {
  const known = parsed.get(text);
  if (known) return known;
  const [call] = NOT_INTERPRETED.exec(text) ?? [];
  if (call) throw new Error(`${call}…) in "${text}" is not interpreted`);
  try {
    const expression = jsonata(text);
    parsed.set(text, expression);
    return expression;
  } catch (error) {
    throw new Error(`"${text}" is no expression: ${(error as { readonly message: string }).message}`, { cause: error });
  }
}

/**
 * Evaluates a field: each string in it that is an expression gives way to what it yields. There is no document that
 * paths would start from, only names.
 *
 * @throws StateError if an expression fails, or yields nothing that JSON can say
 */
export async function evaluate(field: Json | undefined, names: Names): Promise<Json> {
  if (typeof field === 'string') {
    const text = EXPRESSION.exec(field)?.[1];
    return text === undefined ? field : evaluateExpression(text, names);
  }
  if (Array.isArray(field)) {
    const values: Json[] = [];
    for (const item of field) values.push(await evaluate(item, names));
    return values;
  }
  if (!isJsonObject(field)) return (field ?? null) as Json;
  const values: Record<string, Json> = {};
  for (const [key, value] of Object.entries(field)) values[key] = await evaluate(value, names);
  return values;
}

async function evaluateExpression(text: string, names: Names): Promise<Json> {
  const value = await parse(text)
    .evaluate(undefined, names)
    .catch((error: { readonly code?: string; readonly message: string }) => {
      throw new StateError(QUERY_FAILED, `${error.code}: ${error.message} in "${text}"`);
    });
  // Its arrays carry marks of JSONata's own, which JSON leaves behind.
  const json = typeof value === 'function' ? undefined : JSON.stringify(value);
  if (json === undefined) throw new StateError(QUERY_FAILED, `"${text}" yields nothing`);
  return JSON.parse(json);
}

/**
 * Evaluates a field that must yield one type.
 *
 * @throws StateError if it yields another
 */
export async function evaluateTo<T extends keyof Types>(type: T, field: Json, names: Names): Promise<Types[T]> {
  const value = await evaluate(field, names);
  const found = Array.isArray(value) ? 'array' : typeof value;
  if (found !== type) throw new StateError(QUERY_FAILED, `${JSON.stringify(field)} yields no ${type} but ${found}`);
  return value as Types[T];
}

interface Types {
  readonly boolean: boolean;
  readonly number: number;
  readonly string: string;
  readonly array: readonly Json[];
}
