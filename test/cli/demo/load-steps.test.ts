import { answererOf, type DemoAnswerer, type DemoLoad } from '../../../lib/cli/demo/demo-load';
import { loadSteps, type WeightReading } from '../../../lib/cli/demo/load-steps';
import type { LoadRequest } from '../../../lib/local/load';

const LOAD: DemoLoad = {
  service: 'catalog',
  path: '/products',
  logicalId: 'List',
  ends: 'new',
  oldText: '"Spring"',
  newText: '"Summer"',
};
const OLD = '{"headline":"Spring"}';
const NEW = '{"headline":"Summer"}';

const aReading = (at: number, percent: number): WeightReading => ({ askedAt: at, answeredAt: at + 2, percent });
const aRequest = (at: number, answer: DemoAnswerer | undefined): LoadRequest => ({ at, took: 5, answer });

describe('whose answer a request got', () => {
  it.each([
    ['the old version', 200, OLD, 'old'],
    ['the new version', 200, NEW, 'new'],
    ['a version that threw', 502, '{"message": "Internal server error"}', 'threw'],
    ['nobody, if the API could not find a version', 500, '', undefined],
    ['nobody, if the text is of neither', 200, '{"headline":"Winter"}', undefined],
    ['nobody, if the text is of both', 200, OLD + NEW, undefined],
  ])('is of %s', (_, status, body, expected) => {
    expect(answererOf(LOAD, { status, body })).toBe(expected);
  });
});

describe('the steps of a load', () => {
  const NONE = { old: 0, new: 0, threw: 0, lost: 0 };

  it('are the weights that the alias had, each counted with the answers of its time', () => {
    const readings = [aReading(0, 0), aReading(100, 0), aReading(200, 10), aReading(300, 10), aReading(400, 100)];
    const requests = [
      aRequest(50, 'old'),
      aRequest(250, 'old'),
      aRequest(260, 'new'),
      aRequest(280, 'threw'),
      aRequest(290, undefined),
      aRequest(500, 'new'),
    ];
    expect(loadSteps(readings, requests)).toEqual([
      { ...NONE, percent: 0, old: 1 },
      { ...NONE, percent: 10, old: 1, new: 1, threw: 1, lost: 1 },
      { ...NONE, percent: 100, new: 1 },
    ]);
  });

  it('show a weight that came back as a step of its own', () => {
    const readings = [aReading(0, 0), aReading(100, 10), aReading(200, 0)];
    expect(loadSteps(readings, []).map(({ percent }) => percent)).toEqual([0, 10, 0]);
  });

  it.each([
    ['rises', 0, 10],
    ['falls', 10, 0],
  ])(
    'count a request that was under way while the weight %s to the one that its answer speaks for',
    (_, before, after) => {
      const readings = [aReading(0, before), aReading(100, before), aReading(200, after), aReading(300, after)];
      for (const at of [110, 150, 194]) {
        const stepOf = (answer: DemoAnswerer | undefined) => {
          const steps = loadSteps(readings, [aRequest(at, answer)]);
          return steps.find((step) => step.old + step.new + step.threw + step.lost > 0)?.percent;
        };
        expect([stepOf('old'), stepOf('new'), stepOf('threw'), stepOf(undefined)]).toEqual([0, 10, 10, 10]);
      }
    },
  );

  it('count a request before the first reading and one after the last', () => {
    expect(loadSteps([aReading(100, 0)], [aRequest(0, 'old'), aRequest(200, 'old')])).toEqual([
      { ...NONE, percent: 0, old: 2 },
    ]);
  });

  it('are none if the alias was never read', () => {
    expect(loadSteps([], [aRequest(0, 'old')])).toEqual([]);
  });
});
