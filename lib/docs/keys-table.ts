import type * as z from 'zod';

type Json = z.core.JSONSchema.BaseSchema;

/** A key of a configuration file, for a person. */
interface KeyRow {
  /** From the file's root, with `<name>` for what its writer names: `apps.<app>.stages.<stage>.branches`. */
  readonly key: string;
  readonly meaning: string;
  /** As it would be written; empty if the key has none. */
  readonly unset: string;
}

/** What the writer names below a key. */
const NAMED: Readonly<Record<string, string>> = {
  apps: 'app',
  stages: 'stage',
  targets: 'target',
  services: 'service',
  deploy_after: 'service',
};

/**
 * @param schema of a configuration file, as `editorSchema` gives it
 * @returns a Markdown table of all its keys
 *   What stands below a schema with a `$comment` is said there in words.
 * @throws Error if a key has no description: nobody would know what it is for
 */
export function keysTable(schema: Json): string {
  const rows = rowsOf(schema, '');
  const lines = rows.map(({ key, meaning, unset }) => `| \`${key}\` | ${cell(meaning)} | ${unset} |`);
  return ['| key | meaning | default |', '| --- | --- | --- |', ...lines].join('\n');
}

function rowsOf(given: Json, path: string): KeyRow[] {
  const schema = mainOf(given);
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property !== 'object') return [];
    const key = path === '' ? name : `${path}.${name}`;
    const main = mainOf(property);
    const meaning = property.description ?? main.description;
    const inner = rowsOf(main, key);
    const below = mainOf(asSchema(main.additionalProperties));
    const named = below.properties && !below.$comment ? rowsOf(below, `${key}.<${NAMED[name] ?? 'name'}>`) : [];
    const items = rowsOf(mainOf(asSchema(main.items)), `${key}[]`);
    if (meaning === undefined) throw new Error(`the key "${key}" has no description`);
    const unset = required.includes(name) ? '(required)' : defaultOf(property.default ?? main.default);
    return [{ key, meaning, unset }, ...inner, ...named, ...items];
  });
}

/** The first of the ways to write a value is the one that its keys belong to. */
function mainOf(schema: Json): Json {
  const first = schema.anyOf?.find((one) => typeof one === 'object' && one.type !== 'null');
  return typeof first === 'object' ? first : schema;
}

const asSchema = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

const defaultOf = (value: unknown): string =>
  value === undefined ? '' : `\`${JSON.stringify(value).replace(/^"(.*)"$/, '$1')}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('\n', ' ');
