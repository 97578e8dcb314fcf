import * as z from 'zod';
import { ReleaseEvent } from '../core/release-event';

/** A document that is made from the code: it may not be edited by hand. */
export interface GeneratedDocument {
  /** Within the repository. */
  readonly path: string;
  readonly text: string;
}

/** @returns every document that is made of the schemas, as it should be now. `npm run docs` writes them. */
export const generatedDocuments = (): readonly GeneratedDocument[] => [
  { path: 'docs/schemas/release-state-change.json', text: jsonSchema(ReleaseEvent) },
];

/** @returns a schema's JSON schema as a file holds it. Readers must accept keys that come later. */
export function jsonSchema(schema: z.ZodType, options: { readonly open?: boolean } = { open: true }): string {
  const json = z.toJSONSchema(schema, {
    io: options.open ? 'output' : 'input',
    override: ({ jsonSchema: part }) => {
      if (options.open && part.additionalProperties === false) delete part.additionalProperties;
    },
  });
  return `${JSON.stringify(json, null, 2)}\n`;
}
