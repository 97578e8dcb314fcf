import * as fc from 'fast-check';
import { type OrderKeys, readOrder } from '../../../lib/core/plan/order';
import '../../runs';

const SERVICES = ['api', 'db', 'jobs', 'web'];
const orderOf = (keys: OrderKeys, services = SERVICES) => Object.fromEntries(readOrder(keys, services).order);
const problemsOf = (keys: OrderKeys) => readOrder(keys, SERVICES).problems;

describe('an order by phases', () => {
  it('is one phase without a list', () => {
    expect(orderOf({})).toEqual({ api: 0, db: 0, jobs: 0, web: 0 });
  });

  it('follows the list; what it does not name comes last', () => {
    expect(orderOf({ phases: [['./db/'], ['web', 'api']] })).toEqual({ db: 0, web: 1, api: 1, jobs: 2 });
  });

  it('refuses a path that is no service, with the likely one and its place', () => {
    expect(problemsOf({ phases: [['db'], ['wbe']] })).toEqual([
      {
        code: 'ServiceNotFound',
        place: ['phases', 1, 0],
        message: 'phases[1][0]: "wbe" is not a service of the repository; did you mean "web"?',
      },
    ]);
  });

  it.each([[[['db'], ['api', 'db']]], [[['db', 'db']]]])('refuses a service that is named twice: %j', (phases) => {
    expect(problemsOf({ phases })).toMatchObject([
      {
        code: 'ConfigInvalid',
        message: expect.stringMatching(/"db" is already in phases\[0\]; remove one of the two$/),
      },
    ]);
  });
});

describe('an order by what services come after', () => {
  it('puts each service into the first phase after all that it comes after', () => {
    const deploy_after = { web: ['api', 'jobs'], api: ['db'] };
    expect(orderOf({ deploy_after })).toEqual({ db: 0, jobs: 0, api: 1, web: 2 });
  });

  it('takes every spelling of a directory', () => {
    expect(orderOf({ deploy_after: { './web/': ['api/'] } })).toMatchObject({ api: 0, web: 1 });
  });

  it('refuses services that wait for each other, and shows the circle', () => {
    const deploy_after = { jobs: ['web'], web: ['api'], api: ['db'], db: ['web'] };
    expect(problemsOf({ deploy_after })).toEqual([
      {
        code: 'ConfigInvalid',
        place: ['deploy_after', 'api'],
        message:
          'deploy_after: services wait for each other in a circle: api → db → web → api; remove one of these entries',
      },
    ]);
  });

  it('refuses a service that comes after itself', () => {
    expect(problemsOf({ deploy_after: { web: ['./web'] } })).toMatchObject([
      { message: 'deploy_after.web: service "web" cannot come after itself; remove it from its list' },
    ]);
  });

  it('refuses what is no service, on either side', () => {
    const problems = problemsOf({ deploy_after: { wbe: ['api'], web: ['db', 'elsewhere'] } });
    expect(problems.map(({ place, message }) => [place, message])).toEqual([
      [['deploy_after', 'wbe'], expect.stringContaining('did you mean "web"?')],
      [['deploy_after', 'web', 1], expect.stringContaining('use one of: api, db, jobs, web')],
    ]);
  });

  it('refuses a service that is written twice', () => {
    expect(problemsOf({ deploy_after: { web: ['api'], './web': ['db'] } })).toMatchObject([
      { place: ['deploy_after', './web'], message: expect.stringContaining('under another spelling already') },
    ]);
  });

  it('puts every service after all that it comes after, and no later than needed', () => {
    const services = Array.from({ length: 12 }, (_, index) => `s${index}`);
    // Only ever after one with a smaller number: no circle.
    const edge = fc.tuple(fc.nat(11), fc.nat(11)).filter(([a, b]) => a > b);
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
        const deploy_after: Record<string, string[]> = {};
        for (const [a, b] of edges) deploy_after[`s${a}`] = [...(deploy_after[`s${a}`] ?? []), `s${b}`];
        const { order, problems } = readOrder({ deploy_after }, services);
        expect(problems).toEqual([]);
        for (const path of services) {
          const after = (deploy_after[path] ?? []).map((other) => order.get(other)!);
          expect(order.get(path)).toBe(Math.max(-1, ...after) + 1);
        }
      }),
    );
  });

  it('takes a chain of a thousand services', () => {
    const services = Array.from({ length: 1_000 }, (_, index) => `s${String(index).padStart(4, '0')}`);
    const deploy_after = Object.fromEntries(services.slice(0, -1).map((path, index) => [path, [services[index + 1]!]]));
    expect(readOrder({ deploy_after }, services).order.get('s0000')).toBe(999);
  });
});
