import { findTarget } from '../../../lib/core/rollback/find-target';
import { aHistory } from './a-history';

const history = aHistory('A B:failed C:aborted D:superseded E:running F');
const [f, e, d, c, b, a] = history.map(({ release }) => release.id);

describe('findTarget', () => {
  it.each([
    ['its whole id', a!],
    ['its id in lower case', a!.toLowerCase()],
    ['the end of its id', a!.slice(-6)],
  ])('finds a release by %s', (_, text) => {
    expect(findTarget(text, history).release.id).toBe(a);
  });

  it('takes a whole id, though it is a part of no other', () => {
    expect(findTarget(f!, history).release.id).toBe(f);
  });

  it.each([
    ['failed', b!],
    ['was aborted', c!],
    ['never ran: a newer one took its place', d!],
    ['has not ended', e!],
  ])('refuses a release that %s, and names good ones', (why, text) => {
    expect(() => findTarget(text, history)).toThrow(
      `--to: release ${text} ${why}, so it left nothing to return to; ` +
        `use one of: ${f} (commit 5555555, 2026-01-02 05:04), ${a} (commit 0000000, 2026-01-02 00:04)`,
    );
  });

  it('refuses what several releases begin with, and names them', () => {
    expect(() => findTarget('01HZZZZ', history)).toThrow(
      /--to: "01HZZZZ" names 6 releases: .*F \(.*; write more of the id$/,
    );
  });

  it('refuses a part that is too short, and one that no release has', () => {
    expect(() => findTarget('ZZZZA', history)).toThrow('--to: "ZZZZA" is too short to name a release; use one of: ');
    expect(() => findTarget('NOSUCHTHING', history)).toThrow(
      '--to: this stage had no release "NOSUCHTHING"; use one of',
    );
  });

  it('says so if no release has succeeded', () => {
    expect(() => findTarget('NOSUCHTHING', aHistory('A:failed'))).toThrow('no release has succeeded in this stage yet');
  });
});
