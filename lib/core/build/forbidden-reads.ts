import { type ParsedRead, parseRead, type ReadKind } from './build-reads';

/** What a reading must not cover: what begins in some way, or one thing by its name. */
export interface Forbidden {
  readonly kind: ReadKind;
  /** With a `/` at its beginning if it is of SSM: `key` and `/key` are one resource to IAM. */
  readonly name: string;
  /** Whether everything is meant that begins with the name. */
  readonly isPrefix: boolean;
  /** Whose it is, for a message. */
  readonly owner: string;
  /** Beginnings that are the reader's own, although a secret's ARN could be spelt so. */
  readonly except?: string;
}

/** @returns the first of the forbidden things that a reading covers some of. */
export function forbiddenIn(read: string, forbidden: readonly Forbidden[]): Forbidden | undefined {
  const parsed = parseRead(read);
  const name = parsed.kind === 'ssm' ? parsed.name.replace(/^\/?/, '/') : parsed.name;
  return forbidden.find((one) => one.kind === parsed.kind && covers({ ...parsed, name }, one));
}

function covers({ kind, name, isPrefix }: ParsedRead, one: Forbidden): boolean {
  if (one.isPrefix && name.startsWith(one.name)) return true;
  if (!isPrefix) return name === one.name;
  if (name === '') return false;
  if (one.name.startsWith(name)) return true;
  const isOwn = one.except !== undefined && name.startsWith(one.except);
  return kind === 'secretsmanager' && !one.isPrefix && !isOwn && endsInside(name, one.name);
}

/** Secrets Manager ends the ARN of a secret in `-` and six characters: `hook-*` and `hook-A*` cover `hook`, too. */
const endsInside = (beginning: string, secret: string): boolean =>
  beginning.startsWith(`${secret}-`) && /^[A-Za-z\d]{0,6}$/.test(beginning.slice(secret.length + 1));

/** Whose names a reading has to leave alone. */
export interface Others {
  /** Names of all connected apps. */
  readonly apps: readonly string[];
  /** Names of the secrets of Secrets Manager with which the platform itself works, wherever they lie. */
  readonly secrets: readonly string[];
}

/**
 * @returns what no build of an app may be allowed to read: what is the platform's own, and what bears the name of
 *   another app
 */
export const forbiddenReads = (app: string, { apps, secrets }: Others): readonly Forbidden[] => [
  ...PLATFORMS_OWN,
  ...secrets.map((name): Forbidden => ({ kind: 'secretsmanager', name, isPrefix: false, owner: PLATFORM })),
  ...apps
    .filter((other) => other !== app)
    .flatMap((other) => {
      const owner = `app "${other}"`;
      return [...below('ssm', `/${other}`, owner), ...below('secretsmanager', other, owner)];
    })
    // `blog-admin*` is what app blog-admin may read, although the ARN of a secret `blog` might end in `-admin1`.
    .map((one) => ({ ...one, except: app })),
];

/**
 * A path and what is below it: who may list a path sees everything below it, even what IAM denies by its name.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
 */
const below = (kind: ReadKind, path: string, owner: string): readonly Forbidden[] => [
  { kind, name: `${path}/`, isPrefix: true, owner },
  { kind, name: path, isPrefix: false, owner },
];

const PLATFORM = 'the platform';
const PLATFORMS_OWN: readonly Forbidden[] = [
  ...below('ssm', '/seedbed', PLATFORM),
  ...below('secretsmanager', 'seedbed', PLATFORM),
  { kind: 's3', name: 'seedbed-artifacts', isPrefix: true, owner: PLATFORM },
];
