import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { quotasTables } from '../cli/commands/local/quotas-tables';
import { SEED_YML, SeedYmlKeys } from '../config/seed-yml';
import { SEEDBED_YML, SeedbedYml } from '../config/seedbed-yml';
import { ReleaseEvent } from '../core/record/release-event';
import { callsTable } from './calls-table';
import { commandReference } from './command-reference';
import { editorSchema } from './editor-schema';
import { faultsTable } from './faults-table';
import { filledIn } from './filled-in';
import { keysTable } from './keys-table';
import { rolesTable } from './roles-table';

/** A document that is made from the code: it may not be edited by hand. */
export interface GeneratedDocument {
  /** Within the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * @returns every document that is made of the schemas and the commands, as it should be now. `npm run docs` writes
 * them.
 */
export function generatedDocuments(): readonly GeneratedDocument[] {
  const seedbedYml = editorSchema(SeedbedYml, SEEDBED_YML);
  const seedYml = editorSchema(SeedYmlKeys, SEED_YML);
  const tables = { 'keys of seedbed.yml': keysTable(seedbedYml), 'keys of seed.yml': keysTable(seedYml) };
  return [
    { path: 'docs/schemas/release-state-change.json', text: eventSchema(ReleaseEvent) },
    { path: 'docs/schemas/seedbed.json', text: asFile(seedbedYml) },
    { path: 'docs/schemas/seed.json', text: asFile(seedYml) },
    document('docs/configuration.md', tables),
    document('docs/cli.md', { commands: commandReference() }),
    document('docs/door.md', { calls: callsTable() }),
    document('docs/production.md', { faults: faultsTable() }),
    document('docs/quotas.md', quotasTables()),
    document('docs/security.md', { roles: rolesTable() }),
  ];
}

/** @param parts what is made of it, by name; the rest is written by hand */
const document = (path: string, parts: Readonly<Record<string, string>>): GeneratedDocument => ({
  path,
  text: filledIn(readFileSync(join(__dirname, '../..', path), 'utf8'), parts),
});
const asFile = (json: object): string => `${JSON.stringify(json, null, 2)}\n`;

/** @returns the JSON schema of an event as a file holds it. Readers must accept keys that come later. */
function eventSchema(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, {
    override: ({ jsonSchema: part }) => {
      if (part.additionalProperties === false) delete part.additionalProperties;
    },
  });
  return asFile(json);
}
