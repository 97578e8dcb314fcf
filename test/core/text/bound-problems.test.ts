import { boundProblems } from '../../../lib/core/text/bound-problems';

const problem = (...place: (string | number)[]) => ({ place, message: `${place.join('.')} is wrong` });
const messages = (problems: Parameters<typeof boundProblems>[0]) =>
  boundProblems(problems).map(({ message }) => message);

describe('the problems of a file', () => {
  it('are told as they are while they are few', () => {
    const few = [problem('a'), problem('b', 0), problem('b', 1, 'c')];
    expect(boundProblems(few)).toEqual(few);
  });

  it('are the first five of a list, and how many more it has', () => {
    const many = Array.from({ length: 9 }, (_, index) => problem('apps', 'reads', index));
    expect(messages([...many, problem('z')])).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `apps.reads.${index} is wrong`),
      'z is wrong',
      '"apps.reads" has 4 more such problems',
    ]);
  });

  it('are fifty in all, and how many more there are', () => {
    const told = messages(Array.from({ length: 120 }, (_, index) => problem(`key-${index}`)));
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toBe('and 70 more problems; mend these first');
  });
});
