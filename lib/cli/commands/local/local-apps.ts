import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import * as z from 'zod';
import { Name } from '../../../core/contracts/release';

/** The app of each directory that was deployed to a local cloud, by absolute path. */
export const DirectoryApps = z.record(z.string(), Name);
export type DirectoryApps = z.infer<typeof DirectoryApps>;

const LONGEST = 32;
const HASH = 6;

/**
 * @param directory absolute path
 * @param known what other directories are named already
 * @param taken further names that are in use
 * @returns the directory's own name made fit for an app; with a hash of its path if another app has that name
 */
export function appNameFor(directory: string, known: DirectoryApps, taken: readonly string[] = []): string {
  if (known[directory] !== undefined) return known[directory];
  const words = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|(?<!-)-+$/g, '');
  const name = (words || 'app').slice(0, LONGEST);
  if (![...Object.values(known), ...taken].includes(name)) return name;
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, HASH);
  return `${name.slice(0, LONGEST - HASH - 1)}-${hash}`;
}

/** An app's repository and a stage of it that no branch deploys to by itself. */
export interface LocalApp {
  readonly app: string;
  readonly repository: string;
  readonly stage: string;
}

/** @returns the text of seedbed.yml with the app and stage in it; as it was, to the letter, if both are there. */
export function withApp(text: string, { app, repository, stage }: LocalApp): string {
  const document = parseDocument(text);
  if (document.hasIn(['apps', app, 'stages', stage])) return text;
  const put = (path: readonly string[], value: unknown): void => {
    // `apps:` without a value is as good as left out, but nothing can be put into it.
    if (!isMap(document.getIn(path.slice(0, -1)))) document.setIn(path.slice(0, -1), document.createNode({}));
    document.setIn(path, document.createNode(value));
  };
  if (!document.hasIn(['apps', app])) put(['apps', app], { repository: { codecommit: repository }, stages: {} });
  put(['apps', app, 'stages', stage], { branches: [] });
  return document.toString();
}
