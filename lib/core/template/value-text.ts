import { canonicalJson, type Json } from '../text/canonical-json';
import { fromParts, type Part, toParts } from './intrinsics';

/** First character of a token. */
export const OPEN = '\u0001';
const CLOSE = '\u0002';

/** Source of a regular expression that matches one token. */
export const TOKEN = `${OPEN}\\d+${CLOSE}`;

/**
 * A string-valued expression as one text: what is literal stands there as it is, each Ref, Fn::GetAtt or other
 * intrinsic is a token. Equal intrinsics have equal tokens, so names and ARNs are found by searching the text, however
 * they were spelt.
 */
export interface ValueText {
  readonly encode: (value: Json) => string;
  /** @param like the value the text came from, whose spelling (Fn::Sub or Fn::Join) is kept */
  readonly decode: (text: string, like: Json) => Json;
  readonly token: (part: Part) => string;
  /** @returns what a token (or its number) stands for. */
  readonly part: (token: string) => Part;
  /** @returns what the tokens of a text stand for, in their order, and where they are. */
  readonly parts: (text: string) => readonly { readonly part: Part; readonly start: number; readonly end: number }[];
}

/** @returns a fresh encoding; texts of two encodings cannot be compared. */
export function createValueText(): ValueText {
  const parts: Part[] = [];
  const tokens = new Map<string, string>();

  const token = (part: Part): string => {
    const key = canonicalJson(part);
    const known = tokens.get(key);
    if (known !== undefined) return known;
    const fresh = `${OPEN}${parts.push(part) - 1}${CLOSE}`;
    tokens.set(key, fresh);
    return fresh;
  };
  /** A text that has our own marks in it would be misread: keep it out of the way as a token. */
  const textOf = (part: Part): string =>
    part.kind === 'text' && !part.text.includes(OPEN) && !part.text.includes(CLOSE) ? part.text : token(part);
  const part = (text: string): Part => parts[Number(text.replaceAll(/\D/g, ''))]!;

  return {
    token,
    part,
    parts: (text) =>
      [...text.matchAll(new RegExp(TOKEN, 'g'))].map(({ 0: one, index }) => ({
        part: part(one),
        start: index,
        end: index + one.length,
      })),
    encode: (value) => toParts(value).map(textOf).join(''),
    decode: (text, like) =>
      fromParts(
        text
          .split(new RegExp(`(${TOKEN})`))
          .filter((piece) => piece !== '')
          .map((piece): Part => (piece.startsWith(OPEN) ? part(piece) : { kind: 'text', text: piece })),
        like,
      ),
  };
}
