import * as z from 'zod';
import { nearest } from '../core/text/nearest';
import { type ConfigProblem, keyText, meant, type Place, shown, valueAt } from '../core/text/place';

/**
 * Says what a schema found wrong in the words of who wrote the file.
 *
 * @param error what `schema` said about `value`
 * @param expected what to write, by the name of a key
 */
export function problemsOf(
  error: z.ZodError,
  { schema, value, expected }: { schema: z.ZodType; value: unknown; expected: Readonly<Record<string, string>> },
): readonly ConfigProblem[] {
  return error.issues.flatMap((issue): readonly ConfigProblem[] => {
    const place = issue.path;
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, place);
      return issue.keys.map((key) => ({
        place: [...place, key],
        message: `unknown key "${keyText([...place, key])}"; ${meant(nearest(key, known), known)}`,
      }));
    }
    if (issue.code === 'invalid_key') {
      const why = issue.issues.map(({ message }) => message).join('; ');
      return [{ place, message: `"${keyText(place)}" is not a valid name; ${why}` }];
    }
    const found = valueAt(value, place);
    if (place.length === 0) {
      return [
        { place, message: `the file holds ${shown(found)}; write its keys: ${knownKeys(schema, place).join(', ')}` },
      ];
    }
    const what = found === undefined ? 'is missing' : `is ${shown(found)}`;
    return [{ place, message: `"${keyText(place)}" ${what}; ${expectedAt(place, expected) ?? issue.message}` }];
  });
}

/**
 * The last key of a place that has an entry, by itself or with the key above it: list indexes and names that users chose
 * have none.
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
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function below(schema: z.ZodType, part: PropertyKey): z.ZodType {
  if (schema instanceof z.ZodObject) return schema.shape[String(part)];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return schema;
}

/** Takes defaults, options and preprocessing off a schema. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? unwrapped(schema.out as z.ZodType) : schema;
}
