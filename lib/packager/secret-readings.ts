/** A text as it is read, and where in the text its signs stand. */
interface ReadText {
  readonly signs: string;
  /** @returns where in the text a sign begins */
  begins(sign: number): number;
  /** @returns where in the text a sign ends */
  ends(sign: number): number;
}

/** A way in which programs write values. */
interface Reading {
  /** @returns a text without what that way of writing adds */
  readonly read: (text: string) => ReadText;
  /** @returns a secret as the texts read so have it, in each of the forms that it may have there */
  readonly write: (secret: string) => readonly string[];
  /** Whether what is written so is cut into lines of a fixed length. */
  readonly isWrapped: boolean;
}

/** Base64 of fewer bytes has too little left when its ends are cut off. */
const SHORTEST_WITHIN_BASE64 = 6;
/** A secret that loses signs when it is read must not become a word that every log has. */
const SHORTEST_CHANGED = 6;

/** What control characters are written as after a backslash. */
const CONTROLS: Readonly<Record<string, string>> = {
  ...{ '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f', '\v': 'v', '\0': '0', '\x07': 'a', '\x1b': 'e' },
};
const UNEVEN = new RegExp(`[+${Object.keys(CONTROLS).join('')}]`, 'g');

/**
 * Escapes of URIs, of HTML, of JSON, Python, JavaScript and C, and shells' ways to write a quote within quotes; each
 * also escaped again. A backslash alone escapes what follows it.
 */
const ESCAPES = new RegExp(
  [
    /%(?:25)*([0-9a-f]{2})/,
    /&(?:amp;)*(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/,
    /('\\+''|'"'"'|'')|("")/,
    /\\+(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([0-7]{3}))?/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = reader(
  ESCAPES,
  ([, percent, decimal, entityHex, entity, quote, double, braced, unit, long, byte, octal]) => {
    if (quote !== undefined) return "'";
    if (double !== undefined) return '"';
    if (entity !== undefined) return ENTITIES[entity.toLowerCase()]!;
    const hex = percent ?? entityHex ?? braced ?? unit ?? long ?? byte;
    const code =
      hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? octal ?? '', decimal ? 10 : 8);
    return code <= 0x10ffff ? even(String.fromCodePoint(code)) : '';
  },
  even,
);

/** Signs that are written in several ways are read as one: a line break may be `\n`, and a space `+`. */
function even(text: string): string {
  return text.replace(UNEVEN, (sign) => CONTROLS[sign] ?? ' ');
}

/** Base64 of both alphabets, wrapped or not, also within JSON and URIs. */
const base64 = reader(
  /\s+|%(2b|2f|3d)|\\+(?:u00(2b|2f|3d)|(\/)|[nr]|\s+)?/gi,
  ([, percent, unit, slash]) => slash ?? String.fromCharCode(...hexOf(percent ?? unit)),
  (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
);

const hexOf = (code: string | undefined): readonly number[] => (code === undefined ? [] : [Number.parseInt(code, 16)]);

/** Hexadecimal digits, with or without what stands between bytes: `:`, `-`, `,`, spaces, `0x`, `\x`. */
const hexadecimal = reader(
  /[\s:,-]+|0x|\\+x?/gi,
  () => '',
  (text) => text.replace(/[A-F]/g, (digit) => digit.toLowerCase()),
);

/** All ways in which a secret is looked for. */
export const readings: readonly Reading[] = [
  { read: asItIs, write: (secret) => [secret], isWrapped: false },
  { read: unescaped, write: unescapedForms, isWrapped: false },
  { read: base64, write: base64Forms, isWrapped: true },
  { read: hexadecimal, write: (secret) => [Buffer.from(secret).toString('hex')], isWrapped: true },
];

function asItIs(text: string): ReadText {
  return { signs: text, begins: (sign) => sign, ends: (sign) => sign + 1 };
}

/**
 * As characters, and as the bytes of UTF-8, which URIs and Python's `bytes` have. What looks like an escape in a secret
 * is read as one where its backslash or `%` was left alone, and not where that was escaped itself.
 */
function unescapedForms(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString('latin1')].flatMap((text) => {
    const { signs } = unescaped(text);
    return signs.length === text.length || signs.length >= SHORTEST_CHANGED ? [even(text), signs] : [even(text)];
  });
}

/** Base64 is written for three bytes at once: what of it is the secret's alone depends on where in them it begins. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString('base64').replaceAll('=', '');
  if (bytes.length < SHORTEST_WITHIN_BASE64) return [whole];
  const within = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const isWhole = (before + bytes.length) % 3 === 0;
    return encoded.slice([0, 2, 3][before], isWhole ? undefined : -1);
  });
  return [whole, ...within];
}

/**
 * @param token what is written otherwise than it is read
 * @param translate what a token is read as
 * @param level what everything between tokens is read as, sign by sign
 */
function reader(
  token: RegExp,
  translate: (match: RegExpMatchArray) => string,
  level: (text: string) => string,
): Reading['read'] {
  return (text) => {
    const parts: string[] = [];
    /** Of each stretch, where it begins among the signs and in the text, and how much of the text it takes. */
    const stretches: {
      readonly sign: number;
      readonly begin: number;
      readonly end: number;
      readonly isToken: boolean;
    }[] = [];
    let length = 0;
    const take = (signs: string, begin: number, end: number, isToken: boolean) => {
      if (signs === '') return;
      stretches.push({ sign: length, begin, end, isToken });
      parts.push(signs);
      length += signs.length;
    };
    let done = 0;
    for (const match of text.matchAll(token)) {
      const end = match.index + match[0].length;
      take(level(text.slice(done, match.index)), done, match.index, false);
      take(translate(match), match.index, end, true);
      done = end;
    }
    take(level(text.slice(done)), done, text.length, false);
    const stretchOf = (sign: number) => {
      let [low, high] = [0, stretches.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (stretches[middle]!.sign <= sign) low = middle;
        else high = middle - 1;
      }
      return stretches[low]!;
    };
    return {
      signs: parts.join(''),
      begins(at) {
        const { sign, begin, isToken } = stretchOf(at);
        return isToken ? begin : begin + at - sign;
      },
      ends(at) {
        const { sign, begin, end, isToken } = stretchOf(at);
        return isToken ? end : begin + at - sign + 1;
      },
    };
  };
}
