import { createHash } from 'node:crypto';
import { LIMITS } from '../contracts/limits';

/** What every service takes: docs.aws.amazon.com/codebuild/latest/APIReference/API_Tag.html has the pattern. */
const LEGAL = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** `=` too, for it begins what stands for another character. */
const KEPT = /[^\p{L}\p{Z}\p{N}_.:/+\-@]/gu;
/** A stack's tags go to its resources, and those of CodeBuild take one character less than all others. */
const LONGEST = LIMITS.tagValue.most - 1;
const HASH = 40;

/**
 * Writes a path as the value of a tag. Most paths are legal values and stay as they are. In any other, `=26` stands for
 * `&` (the bytes of its UTF-8); one that is too long is cut and ends in a hash. No path begins with `/`, so what begins
 * with one is such a text, and with two a cut one: two paths never have the same value.
 *
 * @param path of a service
 */
export function tagValueOf(path: string): string {
  if (LEGAL.test(path) && path.length <= LONGEST) return path;
  const written = `/${path.replace(KEPT, (character) => [...Buffer.from(character)].map(hexadecimal).join(''))}`;
  if (written.length <= LONGEST) return written;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, HASH);
  return `/${written.slice(0, LONGEST - HASH - 2)}=${hash}`;
}

/** @returns the path for which a tag's value stands; of one that was cut, the value itself. */
export function pathOfTagValue(value: string): string {
  if (!value.startsWith('/') || value.startsWith('//')) return value;
  const inBytes = /(=[0-9A-F]{2})+/g;
  return value.slice(1).replace(inBytes, (all) => Buffer.from(all.replaceAll('=', ''), 'hex').toString());
}

const hexadecimal = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
