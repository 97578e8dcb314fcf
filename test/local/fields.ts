import * as z from 'zod';

/** The fields of an event by their paths, such as `phases[].phase-type`. */
export type Fields = ReadonlyMap<string, { readonly type: FieldType; readonly required: boolean }>;

/** Whether a field is `required`: whether whatever has what is around it has the field, too. */
export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'unknown';

export type FieldEntry = Fields extends ReadonlyMap<infer K, infer F> ? readonly [K, F] : never;

/** @returns the fields that are in a value; all of them are required */
export function fieldsOf(value: unknown): Fields {
  return new Map(entriesOf(JSON.parse(JSON.stringify(value)), ''));
}

function entriesOf(value: unknown, path: string): readonly FieldEntry[] {
  const here = (type: FieldType): FieldEntry[] => (path ? [[path, { type, required: true }]] : []);
  if (Array.isArray(value)) return [...here('array'), ...value.flatMap((each) => entriesOf(each, `${path}[]`))];
  if (typeof value !== 'object' || value === null) return here(typeof value as FieldType);
  const inner = Object.entries(value).flatMap(([key, each]) => entriesOf(each, path ? `${path}.${key}` : key));
  return [...here('object'), ...inner];
}

/** @returns the fields that a schema reads */
export function fieldsRead(schema: z.ZodType): Fields {
  return new Map(entriesOfSchema(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, ''));
}

interface JsonSchema {
  readonly type?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function entriesOfSchema({ properties = {}, required = [] }: JsonSchema, at: string): readonly FieldEntry[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${at}${name}`;
    const type = field.type ?? field.anyOf?.find((one) => one.type !== 'null')?.type ?? 'unknown';
    const simple = type === 'integer' ? 'number' : (type as FieldType);
    const entry: FieldEntry = [path, { type: simple, required: required.includes(name) }];
    return [entry, ...entriesOfSchema(field, `${path}.`)];
  });
}
