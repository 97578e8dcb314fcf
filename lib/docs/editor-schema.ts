import * as z from 'zod';

type Json = z.core.JSONSchema.BaseSchema;

/** What a file's writer may give beside what its schema reads: YAML knows numbers and keys without a value. */
const ALSO: readonly (readonly [unknown, Json])[] = [
  [null, { type: 'null' }],
  [123456789012, { type: 'integer' }],
];

/**
 * @param schema of a configuration file
 * @returns its JSON schema for editors, as it is written: what has a default may be left out
 */
export function editorSchema(schema: z.ZodType, title: string): Json {
  const json = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { additionalProperties: named } = jsonSchema;
      if (zodSchema instanceof z.ZodRecord && typeof named === 'object') {
        jsonSchema.additionalProperties = alsoAs(named, zodSchema.valueType as z.ZodType);
      }
      if (!(zodSchema instanceof z.ZodObject)) return;
      const fields = Object.entries(zodSchema.shape as Record<string, z.ZodType>);
      const required = fields.filter(([, field]) => !accepts(field, undefined)).map(([name]) => name);
      if (required.length > 0) jsonSchema.required = required;
      else delete jsonSchema.required;
      for (const [name, field] of fields) {
        const property = jsonSchema.properties?.[name];
        if (typeof property === 'object') jsonSchema.properties![name] = alsoAs(property, field);
      }
    },
  });
  return { $schema: json.$schema, title, ...json };
}

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** Adds the other ways in which a value may be written. */
function alsoAs(json: Json, schema: z.ZodType): Json {
  const isOpen = json.type === undefined && json.anyOf === undefined && json.oneOf === undefined;
  const others = ALSO.filter(([value]) => accepts(schema, value)).map(([, type]) => type);
  if (isOpen || others.length === 0) return json;
  const { description, default: unset, ...rest } = json;
  return {
    ...(description && { description }),
    ...(unset !== undefined && { default: unset }),
    anyOf: [rest, ...others],
  };
}
