import fc from 'fast-check';
import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { defaultTarget } from '../../../lib/core/rollback/default-target';
import { aHistory } from './a-history';
import '../../runs';

/** @returns the releases to return to, as the tests name them. */
const targets = (text: string, service?: string): string =>
  defaultTarget(aHistory(text), service)
    .candidates.map((id) => id.at(-1))
    .join(' ');
const kind = (text: string, service?: string) => defaultTarget(aHistory(text), service).kind;

describe('defaultTarget', () => {
  it.each([
    ['goes back to the release before the newest one, then to those before it', 'A B C', 'B A'],
    ['passes over releases that failed or were aborted', 'A B:failed C:aborted D', 'A'],
    ['passes over releases that never ran', 'A B C:superseded D:waiting', 'A'],
    ['finds nothing before the first release', 'A', ''],
    ['finds nothing where nothing was released', '', ''],
    ['finds nothing where nothing but failures came before', 'A:failed B', ''],
    ['goes on from where a rollback led: twice back is two releases back', 'A B C R→B', 'A'],
    ['goes on from where a chain of rollbacks led', 'A B C D R→C S→B', 'A'],
    ['takes a rollback to a rollback for one to where that led', 'A B C R→B D S→R', 'A'],
    ['goes back from a release after a rollback to one that was pushed', 'A B R→A D', 'B A'],
    ['takes a rollback of one service for no step of the stage', 'A B R→A/orders', 'A'],
  ])('%s', (_, history, expected) => {
    expect(targets(history)).toBe(expected);
    expect(kind(history)).toBe('back');
  });

  it.each([
    ['returns from a failed release to the last good one', 'A B C:failed', 'B'],
    ['returns from several failed releases to the last good one', 'A B C:failed D:aborted', 'B'],
    ['returns from a release that runs to the last good one', 'A B C:running', 'B'],
    ['returns to what a rollback left, if that was the last that was good', 'A B R→A C:failed', 'R'],
    ['tries a rollback that failed once more', 'A B C R→B:failed', 'B'],
    ['finds nothing where nothing has succeeded', 'A:failed B:running', ''],
  ])('%s', (_, history, expected) => {
    expect(targets(history)).toBe(expected);
    expect(kind(history)).toBe('undo');
  });

  it.each([
    ['counts the rollback of that service', 'A B R→A/orders', 'orders', ''],
    ['counts rollbacks of the whole stage', 'A B C R→B', 'orders', 'A'],
    ['does not count the rollback of another service', 'A B R→A/mail', 'orders', 'A'],
    ['tries a failed rollback of that service once more', 'A B C R→A/orders:failed', 'orders', 'A'],
    ['does not repeat the failed rollback of another', 'A B C R→A/mail:failed', 'orders', 'C'],
  ])('of one service: %s', (_, history, service, expected) => {
    expect(targets(history, service)).toBe(expected);
  });

  it('names only releases that succeeded, each once, newest first', () => {
    const status = fc.constantFrom('succeeded', 'failed', 'aborted', 'superseded', 'running', 'waiting');
    const step = fc.record({ status, back: fc.option(fc.nat({ max: 9 }), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const names = 'ABCDEFGHJK';
        const text = steps.map(({ status, back }, index) => {
          const to = back !== undefined && back < index && steps[back]!.status === 'succeeded' ? `→${names[back]}` : '';
          return `${names[index]}${to}:${status}`;
        });
        const history: readonly ReleaseRecord[] = aHistory(text.join(' '));
        const { candidates } = defaultTarget(history);
        expect([...candidates].sort().reverse()).toEqual(candidates);
        expect(new Set(candidates).size).toBe(candidates.length);
        for (const id of candidates) {
          expect(history.find(({ release }) => release.id === id)).toMatchObject({ status: 'succeeded' });
        }
      }),
    );
  });
});
