import { applyEdit, applyEdits } from '../../../lib/cli/demo/demo-edits';

describe('applyEdit', () => {
  const edit = { file: 'libs/ids.ts', find: 'b', replace: 'B' };

  it('replaces the text where it stands', () => {
    expect(applyEdit('abc', edit)).toBe('aBc');
  });

  it('takes the replacement as it is', () => {
    expect(applyEdit('abc', { ...edit, replace: "$& $' $1" })).toBe("a$& $' $1c");
  });

  it('refuses a text that is not there', () => {
    expect(() => applyEdit('ac', edit)).toThrow(/examples\/shop\/libs\/ids\.ts: not found.*"b"/);
  });

  it('refuses a text that stands there twice', () => {
    expect(() => applyEdit('abcb', edit)).toThrow(/found 2 times/);
  });
});

describe('applyEdits', () => {
  it('makes the edits of one file one after the other', () => {
    const edits = [
      { file: 'a', find: 'one', replace: 'two' },
      { file: 'a', find: 'two', replace: 'three' },
    ];
    expect(applyEdits(() => 'one', edits)).toEqual(new Map([['a', 'three']]));
  });
});
