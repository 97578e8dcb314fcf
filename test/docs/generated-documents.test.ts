import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocuments } from '../../lib/docs/generated-documents';

describe('documents made of the schemas', () => {
  it.each(generatedDocuments())('$path is up to date; if not, run "npm run docs"', ({ path, text }) => {
    expect(readFileSync(join(__dirname, '../..', path), 'utf8')).toBe(text);
  });
});
