import { resolveReferences } from '../../../lib/core/build/resolve-references';

describe('resolveReferences', () => {
  it('puts back an object that was written only once', () => {
    const document = { a: { list: [{ x: 1 }] }, b: { $ref: '$["a"]["list"][0]' }, c: { $ref: '$["a"]' } };
    expect(resolveReferences(document, document)).toEqual({
      a: { list: [{ x: 1 }] },
      b: { x: 1 },
      c: { list: [{ x: 1 }] },
    });
  });

  it('follows a reference within what a reference names, and keys with quotes', () => {
    const document = { 'a"b': { x: 1 }, b: { deep: { $ref: '$["a\\"b"]' } }, c: { $ref: '$["b"]' } };
    expect(resolveReferences(document.c, document)).toEqual({ deep: { x: 1 } });
  });

  it('leaves alone what would contain itself, and what only looks like a reference', () => {
    const document = {
      a: { self: { $ref: '$["a"]' } },
      schema: { $ref: '#/definitions/x' },
      two: { $ref: '$["a"]', more: 1 },
    };
    expect(resolveReferences(document.a, document)).toEqual({ self: { self: { $ref: '$["a"]' } } });
    expect(resolveReferences(document.schema, document)).toEqual({ $ref: '#/definitions/x' });
  });
});
