import fc from 'fast-check';
import { canonicalJson, type Json } from '../../../lib/core/text/canonical-json';
import '../../runs';

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, shuffled(child as Json)]),
  );
};

describe('canonicalJson', () => {
  it('gives one text whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(shuffled(value as Json))).toBe(canonicalJson(value as Json));
      }),
    );
  });

  it('gives a text that parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false } as object), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });

  it('keeps the order of lists, which means something', () => {
    expect(canonicalJson(['b', 'a'])).toBe('["b","a"]');
  });

  it('leaves absent properties out', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [[undefined]]])(
    'refuses %p, which JSON cannot say',
    (value) => {
      expect(() => canonicalJson(value as unknown as Json)).toThrow(TypeError);
    },
  );
});
