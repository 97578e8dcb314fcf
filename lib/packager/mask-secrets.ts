import { readings } from './secret-readings';

/** What replaces a secret. */
const MASK = '***';
/** Shorter ones occur in every other word, and a log full of masks is useless. */
const SHORTEST = 4;
/** Of a secret that a line break cuts, so much tells that it is one: its beginning, where the rest may follow. */
const SHORTEST_BEGINNING = 4;
/** Its rest, where nothing is known of what stood before. */
const SHORTEST_REST = 8;
/** Longer ones are looked for in pieces, so that work grows with the text alone. */
const PIECE = 200;

/** From where to where something stands in a text. */
type Range = readonly [begin: number, end: number];

/** One way of reading a text, and the secrets as they are there. */
interface Search {
  readonly read: (typeof readings)[number]['read'];
  readonly isWrapped: boolean;
  readonly forms: readonly string[];
  readonly pattern: RegExp;
  /** Forms by how they begin. */
  readonly beginnings: ReadonlyMap<string, readonly string[]>;
}

/**
 * Keeps secrets out of everything that a build writes. A text is read in each of the ways in which programs write
 * values (`secret-readings.ts`), and what is a secret in one of them is masked as it stands.
 */
export class SecretMask {
  readonly #parts = new Set<string>();
  #searches: readonly Search[] = [];
  #before = '';

  /** From now on these values are masked, too, and each of their lines. */
  add(secrets: readonly string[]): void {
    for (const secret of secrets)
      for (const part of [secret, ...linesOf(secret)]) if (part.length >= SHORTEST) this.#parts.add(part);
    this.#searches = readings.flatMap((reading) => searchOf(reading, [...this.#parts]));
  }

  /** @returns the text without any of the secrets */
  mask(text: string): string {
    return masked(text, this.#rangesIn(text));
  }

  /**
   * As `mask`, for the lines of a log one after the other: what a line break cuts is masked on both sides.
   *
   * @returns the line without any of the secrets, or any part of one that began in the line before
   */
  maskLine(line: string): string {
    if (this.#searches.length === 0) return line;
    const from = this.#before.length + 1;
    const ranges = this.#rangesIn(`${this.#before}\n${line}`);
    this.#before = line.slice(-LINE_KEPT);
    const own = ranges.flatMap(([begin, end]): Range[] =>
      end > from ? [[Math.max(begin, from) - from, end - from]] : [],
    );
    return masked(line, own);
  }

  #rangesIn(text: string): readonly Range[] {
    return this.#searches.flatMap((search) => rangesOf(search, text));
  }
}

/** Of the line before: more than a wrapped line has. */
const LINE_KEPT = 1_000;

/** A log is written by lines, so that no line has more than one line of a secret; how it is indented may change. */
const linesOf = (secret: string): readonly string[] => secret.split(/\r?\n/).map((line) => line.trim());

function searchOf(
  { read, write, isWrapped }: (typeof readings)[number],
  secrets: readonly string[],
): readonly Search[] {
  const whole = secrets.flatMap((secret) => write(secret)).filter((form) => form.length >= SHORTEST);
  const forms = [...new Set(whole)].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return [];
  const pieces = [...new Set(forms.flatMap(piecesOf))].sort((a, b) => b.length - a.length);
  const beginnings = new Map<string, string[]>();
  for (const form of forms) {
    const beginning = form.slice(0, SHORTEST_BEGINNING);
    beginnings.set(beginning, [...(beginnings.get(beginning) ?? []), form]);
  }
  return [{ read, isWrapped, forms, beginnings, pattern: new RegExp(pieces.map(escaped).join('|'), 'g') }];
}

/** All of about the same length: a short one would be found where no secret is. */
function piecesOf(form: string): readonly string[] {
  const count = Math.ceil(form.length / PIECE);
  const at = (index: number) => Math.floor((index * form.length) / count);
  return Array.from({ length: count }, (_, index) => form.slice(at(index), at(index + 1)));
}

function rangesOf({ read, isWrapped, pattern, forms, beginnings }: Search, text: string): readonly Range[] {
  const { signs, begins, ends } = read(text);
  const found: Range[] = [...signs.matchAll(pattern)].map(({ 0: { length }, index }) => [index, index + length]);
  if (isWrapped) found.push(...cutAtBegin(signs, forms), ...cutAtEnd(signs, beginnings));
  return found.map(([begin, end]) => [begins(begin), ends(end - 1)]);
}

/** What a text begins with, if that is in the middle of a secret and goes on to its end, or to the end of the text. */
function cutAtBegin(signs: string, forms: readonly string[]): readonly Range[] {
  const first = signs.slice(0, SHORTEST_REST);
  if (first.length < SHORTEST_REST) return [];
  return forms.flatMap((form): Range[] => {
    const at = form.indexOf(first);
    if (at < 0) return [];
    const length = Math.min(form.length - at, signs.length);
    return signs.startsWith(form.slice(at, at + length)) ? [[0, length]] : [];
  });
}

/** What a text ends with, if a secret begins so. */
function cutAtEnd(signs: string, beginnings: Search['beginnings']): readonly Range[] {
  for (let at = Math.max(0, signs.length - LONGEST_LINE); at <= signs.length - SHORTEST_BEGINNING; at++) {
    const forms = beginnings.get(signs.slice(at, at + SHORTEST_BEGINNING)) ?? [];
    if (forms.some((form) => form.startsWith(signs.slice(at)))) return [[at, signs.length]];
  }
  return [];
}

/** The longest line in which encoded values are wrapped: base64 has 64 or 76 columns. */
const LONGEST_LINE = 200;

function masked(text: string, ranges: readonly Range[]): string {
  let result = '';
  let done = 0;
  for (const [begin, end] of [...ranges].sort(([a, b], [c, d]) => a - c || d - b)) {
    if (end <= done) continue;
    // Ranges that meet are of one secret.
    if (begin > done || done === 0) result += text.slice(done, begin) + MASK;
    done = end;
  }
  return result + text.slice(done);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
