import { parseRead, type ReadKind } from './build-reads';

/** Names that a reading must not cover: what begins with them is not this app's. */
export interface Forbidden {
  readonly kind: ReadKind;
  readonly begin: string;
  /** Whose it is, for a message. */
  readonly owner: string;
}

/** @returns the first of the forbidden names that a reading covers some of. */
export function forbiddenIn(read: string, forbidden: readonly Forbidden[]): Forbidden | undefined {
  const { kind, name: written, isPrefix } = parseRead(read);
  const name = kind === 'ssm' ? written.replace(/^\/?/, '/') : written;
  return forbidden.find(
    (one) =>
      one.kind === kind && (name.startsWith(one.begin) || (isPrefix && name !== '' && one.begin.startsWith(name))),
  );
}

/**
 * @param apps names of all connected apps
 * @returns what no build of an app may be allowed to read: what is the platform's own, and what bears the name of
 *   another app
 */
export const forbiddenReads = (app: string, apps: readonly string[]): readonly Forbidden[] => [
  ...PLATFORMS_OWN,
  ...apps
    .filter((other) => other !== app)
    .flatMap((other): Forbidden[] => [
      { kind: 'ssm', begin: `/${other}/`, owner: `app "${other}"` },
      { kind: 'secretsmanager', begin: `${other}/`, owner: `app "${other}"` },
    ]),
];

const PLATFORMS_OWN: readonly Forbidden[] = (
  [
    ['ssm', '/seedbed/'],
    ['secretsmanager', 'seedbed/'],
    ['s3', 'seedbed-artifacts'],
  ] as const
).map(([kind, begin]) => ({ kind, begin, owner: 'the platform' }));
