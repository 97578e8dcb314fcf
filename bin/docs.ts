import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocuments } from '../lib/docs/generated-documents';

/** Writes the documents that are made of the schemas. */
for (const { path, text } of generatedDocuments()) {
  const file = join(__dirname, '..', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
