import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { SEED_YML, SeedYmlKeys } from '../config/seed-yml';
import { SEEDBED_YML, SeedbedYml } from '../config/seedbed-yml';
import { ReleaseEvent } from '../core/record/release-event';
import { commandReference } from './command-reference';
import { editorSchema } from './editor-schema';
import { filledIn } from './filled-in';
import { keysTable } from './keys-table';

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
    { path: CONFIGURATION, text: filledIn(readFileSync(join(__dirname, '../..', CONFIGURATION), 'utf8'), tables) },
    {
      path: CLI,
      text: filledIn(readFileSync(join(__dirname, '../..', CLI), 'utf8'), { commands: commandReference() }),
    },
  ];
}

const CONFIGURATION = 'docs/configuration.md';
const CLI = 'docs/cli.md';
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
