import { SecretMask } from '../../lib/packager/mask-secrets';

/** Secrets of the kinds that people have, each with signs that one way of writing or another changes. */
const SECRETS: Readonly<Record<string, string>> = {
  word: 'correct-horse-battery',
  'with quotes': `it's "quoted" & <b>`,
  'with signs of URIs': 'a+b/c=d?e%41f g',
  'with backslashes': 'C:\\new\\table\\x41',
  'with umlauts and more': 'schlüssel-für-ß€-😀-ende',
  'of an API': 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  long: `k3y${Array.from({ length: 60 }, (_, index) => (index * 7919).toString(36)).join('/')}`,
  url: 'postgres://user:pa55w0rd@db.example.com:5432/app?ssl=true&mode=x',
  'with a tab and a line break': 'first half\tof it\nsecond half of it',
};

const wrapped = (text: string, columns: number): string => text.replace(new RegExp(`.{${columns}}`, 'g'), '$&\n');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const unit = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
const lowerPercent = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const CONTROLS: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t' };
const bytesOf = (text: string): readonly number[] => [...Buffer.from(text)];
const pythonBytes = (text: string): string =>
  bytesOf(text)
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      if (byte > 126) return `\\x${byte.toString(16)}`;
      return CONTROLS[sign] ?? (sign === '\\' || sign === "'" ? `\\${sign}` : sign);
    })
    .join('');

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  JSON: (text) => JSON.stringify(text),
  'JSON within JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'JSON in ASCII': (text) => JSON.stringify(text).replace(/[^ -~]/g, unit),
  'JSON with every sign escaped': (text) => text.replace(/./gs, unit),
  'JSON that HTML may have in it': (text) => JSON.stringify(text).replace(/[<>&'+]/g, unit),
  "Python's repr": (text) => `'${text.replace(/[\\']/g, '\\$&').replace(/[\n\t]/g, (sign) => CONTROLS[sign]!)}'`,
  "Python's repr of bytes": (text) => `b'${pythonBytes(text)}'`,
  'quotes of a shell': shellQuoted,
  'quotes within double quotes': (text) => `'${text.replaceAll("'", `'"'"'`)}'`,
  'double quotes of a shell': (text) => `"${text.replace(/[\\"$`]/g, '\\$&')}"`,
  'dollar quotes of a shell': (text) => `$'${text.replace(/[\\']/g, '\\$&').replace(/[\n\t]/g, (s) => CONTROLS[s]!)}'`,
  'dollar quotes with octal bytes': (text) =>
    `$'${bytesOf(text)
      .map((byte) =>
        byte > 126 || byte < 32 || byte === 39 || byte === 92
          ? `\\${byte.toString(8).padStart(3, '0')}`
          : String.fromCharCode(byte),
      )
      .join('')}'`,
  backslashes: (text) => text.replace(/[^\w\n\t]/g, '\\$&'),
  'a quote doubled': (text) => `'${text.replaceAll("'", "''")}'`,
  'a component of a URI': encodeURIComponent,
  'a component of a URI, lower case': (text) => lowerPercent(encodeURIComponent(text)),
  'a URI': encodeURI,
  'a component of a URI within another': (text) => encodeURIComponent(encodeURIComponent(text)),
  'a form': (text) => new URLSearchParams({ a: text }).toString(),
  'a URI with every byte escaped': (text) => hex(text).replace(/../g, '%$&'),
  HTML: (text) => text.replace(/[&<>"']/g, (sign) => `&${NAMES[sign]};`),
  'HTML with numbers': (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'HTML with hexadecimal numbers': (text) =>
    text.replace(/[&<>"']/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  base64,
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 without padding': (text) => base64(text).replace(/=/g, ''),
  'base64 in a URI': (text) => encodeURIComponent(base64(text)),
  'base64 after one byte': (text) => base64(`:${text}:`),
  'base64 after two bytes': (text) => base64(`u:${text}:x`),
  'base64 in lines of 76': (text) => wrapped(base64(`${'x'.repeat(50)}${text}`), 76),
  'base64 in lines of 64': (text) => wrapped(base64(`${'x'.repeat(40)}${text}yy`), 64),
  'base64 in lines of 64, indented': (text) =>
    wrapped(base64(`${'x'.repeat(41)}${text}`), 64).replaceAll('\n', '\n    '),
  'base64 for URLs in lines': (text) => wrapped(Buffer.from(`${'x'.repeat(43)}${text}`).toString('base64url'), 64),
  'base64 in lines in JSON': (text) => JSON.stringify(wrapped(base64(`${'x'.repeat(42)}${text}`), 64)),
  hexadecimal: hex,
  'hexadecimal in capitals': (text) => hex(text).toUpperCase(),
  'hexadecimal with colons': (text) => hex(text).replace(/..(?=.)/g, '$&:'),
  'hexadecimal with spaces': (text) => hex(text).replace(/..(?=.)/g, '$& '),
  'hexadecimal in lines': (text) => wrapped(hex(`${'x'.repeat(17)}${text}`), 60),
  'hexadecimal with x': (text) => hex(text).replace(/../g, '\\x$&'),
};

const PLACES: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'within a sentence': (text) => `error: the value ${text} was refused`,
  'as a value': (text) => `{"key": ${text}, "other": 1}`,
  twice: (text) => `${text} and ${text}`,
};

/** What ways of writing share: marks of encodings, and what stands around a secret. */
const maskOf = (secret: string): SecretMask => {
  const mask = new SecretMask();
  mask.add([secret]);
  return mask;
};

/** @returns the longest piece of what was written that is still there, apart from what was not the secret's. */
function longestLeft(written: string, shown: string, aside: string): string {
  let longest = '';
  for (let begin = 0; begin < written.length; begin++) {
    while (begin + longest.length < written.length) {
      const more = written.slice(begin, begin + longest.length + 1);
      if (!shown.includes(more) || aside.includes(more)) break;
      longest = more;
    }
  }
  return longest;
}

/** Of four signs of base64 at either end of a secret, some are others', too. */
const FEW = 8;

describe.each(Object.keys(SECRETS))('a secret %s', (kind) => {
  const secret = SECRETS[kind]!;

  describe.each(Object.keys(ENCODINGS))('written as %s', (encoding) => {
    const written = ENCODINGS[encoding]!(secret);
    /** The same without the secret: filler that may stay. */
    const aside = ENCODINGS[encoding]!('#'.repeat(secret.length));

    it.each(Object.keys(PLACES))('is masked %s', (place) => {
      const text = PLACES[place]!(written);
      const shown = maskOf(secret).mask(text);
      expect(shown).toContain('***');
      expect(longestLeft(written, shown, aside).length).toBeLessThanOrEqual(FEW);
    });

    it('is masked line by line', () => {
      const mask = maskOf(secret);
      const shown = PLACES['within a sentence']!(written)
        .split('\n')
        .map((line) => mask.maskLine(line))
        .join('\n');
      expect(shown).toContain('***');
      expect(longestLeft(written, shown, aside).length).toBeLessThanOrEqual(FEW);
    });
  });
});

describe('what is no secret', () => {
  it.each([
    ['a word that a secret has in it', 'the production database is up', 'production-database-password'],
    ['a secret of three signs', 'on and on, yes or no', 'on '],
    ['a short secret without its backslash', 'isTrue: true', 'tr\\ue'],
    ['words as long as those of a secret', 'Resolving dependencies of package one', 'Dependent-resolutions'],
    ['hexadecimal of others', 'commit 0123456789abcdef0123456789abcdef01234567', 'another-secret'],
    ['base64 of others', Buffer.from('nothing of anybody in here at all').toString('base64'), 'another-secret'],
  ])('stays: %s', (_, text, secret) => {
    expect(maskOf(secret).mask(text)).toBe(text);
    expect(maskOf(secret).maskLine(text)).toBe(text);
  });

  it('stays around a secret, whatever it is escaped with', () => {
    expect(maskOf('p&ss/word').mask('{"url": "https:\\/\\/x?a=1&amp;b=p%26ss%2Fword", "n": "\\u00e9"}')).toBe(
      '{"url": "https:\\/\\/x?a=1&amp;b=***", "n": "\\u00e9"}',
    );
  });
});
