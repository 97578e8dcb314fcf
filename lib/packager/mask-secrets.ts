/** What replaces a secret. */
const MASK = '***';
/** Shorter ones occur in every other word, and a log full of masks is useless. */
const SHORTEST = 4;
/** Base64 of fewer bytes has too little left when its ends are cut off. */
const SHORTEST_WITHIN_BASE64 = 6;

/**
 * Keeps secrets out of everything that a build writes: as they are, line by line if they have several, and as they are
 * written in JSON, in URLs and in base64, there also amid other text (as of `user:password`).
 */
export class SecretMask {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  /** From now on these values are masked, too. */
  add(secrets: readonly string[]): void {
    for (const secret of secrets)
      for (const part of [secret, ...linesOf(secret)]) for (const form of formsOf(part)) this.#forms.add(form);
    const forms = [...this.#forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
    this.#pattern = forms.length === 0 ? undefined : new RegExp(forms.map(escaped).join('|'), 'g');
  }

  /** @returns the text without any of the secrets */
  mask(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, MASK);
  }
}

/** A log is written by lines, so that no line has more than one line of a secret; how it is indented may change. */
const linesOf = (secret: string): readonly string[] => secret.split(/\r?\n/).map((line) => line.trim());

function formsOf(text: string): readonly string[] {
  if (text.length < SHORTEST) return [];
  return [text, JSON.stringify(text).slice(1, -1), ...urlForms(text), ...base64Forms(text)];
}

function urlForms(text: string): readonly string[] {
  // A lone half of a surrogate pair has no such form.
  if (/[\ud800-\udfff]/u.test(text)) return [];
  const encoded = encodeURIComponent(text);
  return [encoded, encoded.replaceAll('%20', '+'), encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())];
}

/** Base64 is written for three bytes at once: what of it is the secret's alone depends on where in them it begins. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const within =
    bytes.length < SHORTEST_WITHIN_BASE64
      ? []
      : [0, 1, 2].map((before) => {
          const encoded = Buffer.concat([Buffer.alloc(before), bytes])
            .toString('base64')
            .replace(/=+$/, '');
          const begin = [0, 2, 3][before]!;
          const isWhole = (before + bytes.length) % 3 === 0;
          return encoded.slice(begin, isWhole ? undefined : -1);
        });
  return [whole, ...within].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
