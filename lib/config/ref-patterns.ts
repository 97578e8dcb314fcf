import picomatch from 'picomatch';
import type { Place } from '../core/text/place';
import { matchesRef } from '../core/trigger/map-ref';
import type { SeedbedYml } from './seedbed-yml';

/** A name or glob of branches or tags, and where it is written. */
export interface RefPattern {
  readonly place: Place;
  readonly pattern: string;
  readonly kind: 'branch' | 'tag';
}

type App = SeedbedYml['apps'][string];

/** @returns the patterns that deploy to configured stages. */
export const stagePatterns = (app: string, { stages }: App, key: 'branches' | 'tags') =>
  Object.entries(stages).flatMap(([stage, rules]) =>
    patterns(['apps', app, 'stages', stage, key], rules[key]).map((one) => ({ ...one, stage })),
  );

/** @returns the base branches of pull requests that are written in seedbed.yml. */
export const basePatterns = (app: string, { pullRequests }: App): readonly RefPattern[] =>
  patterns(['apps', app, 'pullRequests', 'into'], pullRequests?.into ?? []);

/** @returns the patterns of the branches that have stages of their own, in their order. */
export const rulePatterns = (app: string, { branchStages }: App): readonly RefPattern[] =>
  branchStages.flatMap(({ branches }, index) => patterns(['apps', app, 'branchStages', index, 'branches'], branches));

const patterns = (place: Place, globs: readonly string[]): readonly RefPattern[] =>
  globs.map((pattern, index) => ({
    place: [...place, index],
    pattern,
    kind: place.at(-1) === 'tags' ? 'tag' : 'branch',
  }));

/**
 * Git allows none of these in the name of a branch or tag (git check-ref-format); of them only `*?[` mean something in
 * a glob.
 */
const NEVER_IN_A_REF = /[\s~^:\\]|\.\.|\/\/|^\/|\/$|@\{/;

/** @returns what is wrong with a pattern, as the end of a message; undefined if it is a name or a glob. */
export function problemOfPattern(pattern: string, kind: RefPattern['kind']): string | undefined {
  if (pattern.startsWith('refs/')) {
    return `a full reference; write the ${kind} alone: "${pattern.replace(/^refs\/((heads|tags)\/)?/, '')}"`;
  }
  if (NEVER_IN_A_REF.test(pattern)) return `which no ${kind} can be called; correct it`;
  if (isGlob(pattern)) return undefined;
  return 'which is not a valid glob; close its brackets, or put "[" and "]" around a bracket that is meant as such';
}

/** Each pattern is asked for with each name of its app, and parsing a glob takes far longer than matching a name. */
const parsed = new Map<string, boolean>();

function isGlob(pattern: string): boolean {
  const known = parsed.get(pattern);
  if (known !== undefined) return known;
  let isOne = true;
  try {
    picomatch.makeRe(pattern, { strictBrackets: true });
  } catch {
    isOne = false;
  }
  parsed.set(pattern, isOne);
  return isOne;
}

/** @returns whether a pattern, which may be invalid, matches what another one names. */
export const safelyMatches = (pattern: string, { pattern: name, kind }: RefPattern): boolean =>
  problemOfPattern(pattern, kind) === undefined && matchesRef(pattern, name);
