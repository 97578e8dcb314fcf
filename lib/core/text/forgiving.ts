import * as z from 'zod';
import { isJsonObject } from './canonical-json';

/** @returns the schema, for which a key without a value is one that is left out. */
export const withEmptyKeys = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(withoutEmptyKeys, schema);

function withoutEmptyKeys(value: unknown): unknown {
  if (value === null) return {};
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}

/**
 * @param expected what to write, for messages
 * @returns a schema of whole numbers; one that comes from a variable may be text.
 */
export const wholeNumber = ({ from, to }: { readonly from: number; readonly to: number }, expected: string) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z.number(expected).int().min(from).max(to),
  );

/** Names of stages; a single one needs no list. */
export const stageNames = z.union(
  [z.array(z.string('write the name of a stage')), z.string()],
  'write a list of stages',
);
