import fc from 'fast-check';
import { boundText } from '../../../lib/core/text/bound-text';

const HALF = /\p{Surrogate}/u;

describe('boundText', () => {
  it('leaves a text as it is that is short enough', () => {
    expect(boundText('no such table', 20)).toBe('no such table');
  });

  it('keeps how a long one begins and ends, and says how much is missing', () => {
    expect(boundText(`begin${'x'.repeat(100)}end`, 12)).toBe('beginxxx… (96 characters left out) …xend');
  });

  it('never keeps more than it may, nor half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 50 }), (text, most) => {
        const bound = boundText(text, most);
        expect(bound.length).toBeLessThanOrEqual(most + 40);
        expect(bound).not.toMatch(HALF);
      }),
    );
  });
});
