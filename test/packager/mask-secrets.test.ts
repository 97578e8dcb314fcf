import fc from 'fast-check';
import { SecretMask } from '../../lib/packager/mask-secrets';
import '../runs';

const masked = (text: string, ...secrets: string[]): string => {
  const mask = new SecretMask();
  mask.add(secrets);
  return mask.mask(text);
};

describe('SecretMask', () => {
  it('leaves a text as it is without secrets, and what is too short to be one', () => {
    expect(masked('plain text')).toBe('plain text');
    expect(masked('on and on', 'on')).toBe('on and on');
  });

  it('masks each line of a secret of several, also where it is indented otherwise', () => {
    const key = '-----BEGIN KEY-----\n  abcdef\n-----END KEY-----\n';
    expect(masked('got: abcdef', key)).toBe('got: ***');
    expect(masked(key, key)).toBe('***');
  });

  it('takes signs of regular expressions for themselves', () => {
    expect(masked('a+b.c* and aab_c', 'a+b.c*')).toBe('*** and aab_c');
  });

  it('masks the longer of two secrets of which one begins with the other', () => {
    expect(masked('token-long', 'token', 'token-long')).toBe('***');
  });

  it('masks what is added later as well as what was there', () => {
    const mask = new SecretMask();
    mask.add(['first']);
    mask.add(['second']);
    expect(mask.mask('first second')).toBe('*** ***');
  });

  const secret = fc
    .string({ minLength: 8, maxLength: 40, unit: 'binary' })
    .filter((text) => text.trim() === text && !/[\r\n*]/.test(text));
  const around = fc.string({ maxLength: 7 });

  it.each([
    ['as it is', (text: string) => text],
    ['in JSON', (text: string) => JSON.stringify(text).slice(1, -1)],
    ['in a URL', (text: string) => encodeURIComponent(text)],
  ])('leaves nothing of a secret %s', (_, write) => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        expect(masked(before + write(text) + after, text)).not.toContain(write(text));
      }),
    );
  });

  it('leaves of a secret amid base64 no more than the few signs that it shares with others', () => {
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        for (const encoding of ['base64', 'base64url'] as const) {
          const left = masked(Buffer.from(before + text + after).toString(encoding), text);
          expect(left).toContain('***');
          const aside = Buffer.byteLength(before) + Buffer.byteLength(after);
          expect(left.replace('***', '').length).toBeLessThanOrEqual(Math.ceil((aside * 4) / 3) + 8);
        }
      }),
    );
  });
});
