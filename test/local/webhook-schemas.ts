import { readFileSync } from 'node:fs';
import Ajv, { type ErrorObject } from 'ajv';

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;

// Read rather than imported: the compiler need not know the type of 600 KB.
const SCHEMAS = readFileSync(require.resolve('@octokit/webhooks-schemas/schema.json'), 'utf8');
const { definitions } = JSON.parse(SCHEMAS) as { readonly definitions: Json };

/** Of several events, which share most of their parts. */
const validators = { 'as GitHub': validator(definitions), none: validator(withoutRequired(definitions)) };

function validator(all: Json): Ajv {
  return new Ajv({ strict: false, validateFormats: false, allErrors: true }).addSchema(
    { definitions: all },
    'webhooks',
  );
}

/**
 * Asks Octokit's schemas of webhooks, which are made from what GitHub has sent to many people.
 *
 * @param event `push$event`, or with its action, such as `pull_request$opened`
 * @param required which fields of a payload must be there
 * @returns what is wrong with a payload
 * @throws Error if GitHub has no such event
 */
export function findings(event: string, payload: unknown, required: keyof typeof validators): readonly ErrorObject[] {
  const validate = validators[required].getSchema(`webhooks#/definitions/${event}`);
  if (!validate) throw new Error(`there is no schema of ${event}`);
  validate(payload);
  return validate.errors ?? [];
}

/** Without what a payload must have, it may fit several alternatives at once. */
function withoutRequired(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === 'required' && Array.isArray(value)))
      .map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, withoutRequired(value as Json)]),
  );
}
