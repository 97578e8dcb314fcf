import type { TagOrder } from '../contracts/app-config';
import type { IgnoredReason } from './map-ref';

/** How a commit stands to another: `ahead` if that one is below it, `diverged` also if nothing is known of one. */
export type Lineage = 'identical' | 'ahead' | 'behind' | 'diverged';

/** A tag with the commit that it stands for. */
export interface TaggedCommit {
  readonly tag: string;
  readonly commit: string;
}

/** A version as tags name it: what stands before its numbers, such as `v` or `api-v`, is no part of it. */
interface TagVersion {
  readonly prefix: string;
  readonly numbers: readonly number[];
  /** Parts of a pre-release, none of a release. */
  readonly before: readonly string[];
}

/** The end of a tag that may hold a version and a build: no version begins before it. */
const TAIL = /(?<![\w.-])[\w.-]+(?:\+[\w.-]+)?$/;

/** https://semver.org within a tail, but that numbers may begin with zeros, as dates do: `2026.01.15`. */
const VERSION = /(?<!\d)(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+)|(?=\+|$))/;

/** @returns the version that a tag names, the first if there are several; undefined if it names none */
export function versionOfTag(tag: string): TagVersion | undefined {
  const [tail = ''] = TAIL.exec(tag) ?? [];
  const version = VERSION.exec(tail);
  if (!version) return undefined;
  const prefix = tag.slice(0, tag.length - tail.length + version.index);
  if (/[\d.]$/.test(prefix)) return undefined;
  const [, major, minor, patch, before] = version;
  return { prefix, numbers: [major, minor, patch].map(Number), before: before?.split('.') ?? [] };
}

/**
 * Compares the versions of two tags by the precedence of https://semver.org/#spec-item-11.
 * @returns below, at or above 0, as for sorting; undefined if they are not versions of the same thing
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [a, b] = [versionOfTag(one), versionOfTag(other)];
  if (!a || !b || a.prefix !== b.prefix) return undefined;
  const numbers = firstDifference(a.numbers, b.numbers, (x, y) => x - y);
  if (numbers !== 0) return numbers;
  // A release is newer than what came before it.
  if (a.before.length === 0 || b.before.length === 0) return Math.sign(b.before.length - a.before.length);
  return firstDifference(a.before, b.before, comparePart) || a.before.length - b.before.length;
}

function firstDifference<T>(some: readonly T[], others: readonly T[], compare: (a: T, b: T) => number): number {
  for (let at = 0; at < Math.min(some.length, others.length); at += 1) {
    const difference = compare(some[at]!, others[at]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePart(one: string, other: string): number {
  const [a, b] = [one, other].map((part) => /^\d+$/.test(part));
  if (a && b) return Number(one) - Number(other);
  if (a || b) return a ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}

/** @returns whether a stage that releases its tags in some order compares these two */
export const areCompared = (order: TagOrder, one: string, other: string): boolean =>
  order === 'newest-commit' || (order === 'semver' && compareVersions(one, other) !== undefined);

/**
 * Says whether a tag would take a stage back.
 * @param lineage how the commit of the tag stands to that of the other
 * @returns why the tag is older than another, as the end of a sentence; undefined if it is not
 */
export function whyOlder(
  order: TagOrder,
  { tag, commit }: TaggedCommit,
  { other, lineage }: { readonly other: TaggedCommit; readonly lineage: Lineage },
): string | undefined {
  // Somebody has moved it.
  if (tag === other.tag || order === 'any') return undefined;
  const isLower = (compareVersions(tag, other.tag) ?? 0) < 0;
  if (order === 'semver') return isLower ? 'its version is lower' : undefined;
  if (lineage === 'behind') return `its commit ${short(commit)} is below commit ${short(other.commit)}`;
  if (lineage === 'diverged' && isLower) return 'it is of another line, and its version is lower';
  return undefined;
}

const short = (commit: string): string => commit.slice(0, 7);

/** @returns why a tag that would take its stage back is not released */
export const outOfOrder = (
  stage: string,
  tag: string,
  { than, why }: { than: string; why: string },
): IgnoredReason => ({
  code: 'tag-out-of-order',
  message:
    `tag "${tag}" is older than tag "${than}", which was released to stage "${stage}" before: ${why}; ` +
    '"seedbed deploy --tag" releases it all the same',
});

/** @returns why a tag is not released that names no version, where versions say which tag is newer */
export const withoutVersion = (stage: string, tag: string): IgnoredReason => ({
  code: 'tag-without-version',
  message:
    `tag "${tag}" names no version such as v1.2.3, and stage "${stage}" has "tagOrder: semver"; ` +
    'name it so, or choose another "tagOrder" in seedbed.yml',
});

/**
 * Puts tags, of which several were missed, in the order in which they are best looked at, by their names alone.
 * @returns the tags, those with the highest versions first
 */
export const likelyNewestFirst = (tags: readonly string[]): readonly string[] =>
  [...tags].sort((one, other) => {
    const versions = compareVersions(other, one);
    return versions === undefined || versions === 0 ? other.localeCompare(one, 'en', { numeric: true }) : versions;
  });
