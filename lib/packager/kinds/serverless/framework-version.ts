import { coerce, gtr, satisfies, validRange } from 'semver';

/** The packages of npm that are a Serverless Framework. */
export type FrameworkName = 'osls' | 'serverless';

/** What packages a service whose repository brings no framework: the first that its configuration accepts. */
export const OWN_FRAMEWORKS = [
  { name: 'osls', version: '4.3.1' },
  { name: 'osls', version: '3.77.1' },
] as const satisfies readonly { readonly name: FrameworkName; readonly version: string }[];

/** The first version that leaves behind what is packaged here. */
const OLDEST = '3.0.0';

/**
 * Decides as the framework itself does, so that what is chosen here does not refuse to run: pre-releases count as the
 * version that they precede, and what is no range is the framework's to refuse.
 *
 * @param asked `frameworkVersion` of the configuration; absent if any version will do
 */
export function isAsked(version: string, asked: string | undefined): boolean {
  if (asked === undefined || version === asked || validRange(asked) === null) return true;
  return satisfies(coerce(version)?.version ?? version, asked);
}

/** @returns whether only versions are asked for that are too old to be used here */
export const asksForTooOld = (asked: string): boolean => validRange(asked) !== null && gtr(OLDEST, asked);
