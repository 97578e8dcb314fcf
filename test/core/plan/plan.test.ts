import * as fc from 'fast-check';
import type { Hold, Plan, ServiceState } from '../../../lib/core/contracts/state';
import { endedHolds } from '../../../lib/core/plan/holds';
import { notInCommit } from '../../../lib/core/plan/not-in-commit';
import { ChangedPaths } from '../../../lib/core/plan/outside-files';
import { basesOf, type ChangedFiles, type PlanInput, planServices } from '../../../lib/core/plan/plan';
import { basesOfServices } from '../../../lib/core/plan/plan-bases';
import type { PackageGraph } from '../../../lib/core/workspaces/package-graph';
import { runs } from '../../runs';

const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
const BASE = 'b'.repeat(40);

const aState = (path: string, more: Partial<ServiceState> = {}): ServiceState => ({
  path,
  status: 'deployed',
  releaseId: RELEASE,
  commit: BASE,
  deployedPackage: `packages/shop/${path}/${RELEASE}/deployed.json`,
  ...more,
});

/** A plan of services that were all deployed at one base commit. */
const planOf = (services: readonly string[], changed: ChangedFiles, more: Partial<PlanInput> = {}): Plan =>
  planServices({
    services,
    states: services.map((path) => aState(path)),
    changes: new Map([[BASE, changed]]),
    force: false,
    checkCodeChange: true,
    ...more,
  });

const deployed = (plan: Plan): Record<string, string[]> =>
  Object.fromEntries(plan.phases.flat().map(({ path, reasons }) => [path, reasons.map(({ code }) => code)]));
const messages = (plan: Plan, path: string): string[] =>
  [...plan.phases.flat(), ...plan.skip].find((service) => service.path === path)!.reasons.map(({ message }) => message);

describe('the plan of files that packages were made of', () => {
  const services = ['a', 'b', 'b/c'];
  const planWith = (outsideFiles: string[], changed: string[], more: Partial<PlanInput> = {}) =>
    planOf(services, changed, {
      states: [aState('a'), aState('b'), aState('b/c', { outsideFiles })],
      ...more,
    });

  it('deploys the service that such a file of another service belongs to, too', () => {
    const plan = planWith(['a/texts.yml'], ['a/texts.yml']);
    expect(deployed(plan)).toEqual({ a: ['files-changed'], 'b/c': ['read-files-changed'] });
    expect(messages(plan, 'b/c')).toEqual(['1 file outside its directory that the service reads changed: a/texts.yml']);
    expect(deployed(planWith(['a/texts.yml'], ['a/other.yml']))).toEqual({ a: ['files-changed'] });
  });

  it.each([
    ['a/', 'a/deep/x.yml', true],
    ['a/*', 'a/x.yml', true],
    ['a/*', 'a/deep/x.yml', false],
    ['./', 'a/deep/x.yml', true],
  ])('takes %s to hold %s: %s', (outside, changed, isRead) => {
    expect('b/c' in deployed(planWith([outside], [changed]))).toBe(isRead);
  });

  it('tells a file once: not again what the directories have told', () => {
    expect(deployed(planWith(['b/x.yml', 'x.yml'], ['b/x.yml', 'x.yml']))['b/c']).toEqual([
      'parent-changed',
      'shared-files-changed',
    ]);
  });

  it('finds a file of no service where only those who use its package deploy', () => {
    const packages: PackageGraph = {
      packageOf: (file) => (file.startsWith('libs/') ? 'libs' : undefined),
      usedBy: (path) => new Map([[path, [path]]]),
    };
    const plan = planWith(['libs/texts.yml'], ['libs/texts.yml'], { packages });
    expect(deployed(plan)).toEqual({ 'b/c': ['read-files-changed'] });
  });

  it('never deploys less than the directories alone tell', () => {
    const path = fc.constantFrom('a/x', 'a/d/y', 'b/x', 'b/c/x', 'x', 'libs/x');
    const outside = fc.constantFrom('a/x', 'a/', 'a/*', 'libs/*', './', 'b/x');
    fc.assert(
      fc.property(fc.array(path), fc.array(outside), (changed, outsideFiles) => {
        const told = Object.keys(deployed(planWith(outsideFiles, changed)));
        expect(told).toEqual(expect.arrayContaining(Object.keys(deployed(planOf(services, changed)))));
        // And each file that the package was made of deploys its service.
        const isRead = changed.some((file) => new ChangedPaths([file]).among(outsideFiles).length > 0);
        if (isRead) expect(told).toContain('b/c');
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('the plan of symbolic links', () => {
  const services = ['a', 'b', 'c'];
  const planWith = (links: Record<string, string | undefined>, changed: string[], more: Partial<PlanInput> = {}) =>
    planOf(services, changed, { links: new Map(Object.entries(links)), ...more });

  it('deploys whoever holds a link to what changed, and says which', () => {
    const plan = planWith({ 'b/common': '../a/src' }, ['a/src/hello.js']);
    expect(deployed(plan)).toEqual({ a: ['files-changed'], b: ['files-changed'] });
    expect(messages(plan, 'b')).toEqual(['1 file of the service changed: b/common (a symbolic link to ../a/src)']);
    expect(deployed(planWith({ 'b/common': '../a/src' }, ['a/other.js']))).toEqual({ a: ['files-changed'] });
  });

  it('deploys all if no service holds the link, and those of the package with workspaces', () => {
    expect(Object.keys(deployed(planWith({ 'libs/common': '../a/src' }, ['a/src/x'])))).toEqual(services);
    const packages: PackageGraph = {
      packageOf: (file) => (file.startsWith('libs/') ? 'libs' : undefined),
      usedBy: (path) => new Map([[path, [path]], ...(path === 'c' ? [['libs', ['c', 'libs']] as const] : [])]),
    };
    const plan = planWith({ 'libs/common': '../a/src' }, ['a/src/x'], { packages });
    expect(deployed(plan)).toEqual({ a: ['files-changed'], c: ['package-changed'] });
  });

  it('deploys whoever read through the link when its package was made', () => {
    const outsideFiles = ['b/link/text.yml'];
    const states = [aState('a'), aState('b'), aState('c', { outsideFiles })];
    const plan = planWith({ 'b/link': '../a/texts' }, ['a/texts/text.yml'], { states });
    expect(deployed(plan)).toMatchObject({ b: ['files-changed'], c: ['read-files-changed'] });
  });

  it('deploys the holder of a link that was not read, with every change', () => {
    const plan = planWith({ 'b/common': undefined }, ['a/x']);
    expect(messages(plan, 'b')).toEqual([
      '1 file of the service changed: b/common (a symbolic link that was not read)',
    ]);
  });
});

describe('the plan of services that are held', () => {
  const HELD_AT = 'c'.repeat(40);
  const held: Hold = { commit: HELD_AT, at: '2026-01-02T03:04:05.678Z', why: 'rolled back by ada to release 01H' };
  const services = ['a', 'b', 'b/c'];
  /** `b` is held: it differs from what is deployed, and from the commit that the hold began at by these files. */
  const planWith = (since: ChangedFiles, more: Partial<PlanInput> = {}) =>
    planOf(services, ['a/x', 'b/bad'], {
      isPush: true,
      states: services.map((path) => aState(path, path === 'b' ? { held } : {})),
      changes: new Map([
        [BASE, ['a/x', 'b/bad']],
        [HELD_AT, since],
      ]),
      ...more,
    });

  it('leaves them alone in a push of something else, and says why and what releases them', () => {
    const plan = planWith(['a/x']);
    expect(Object.keys(deployed(plan))).toEqual(['a', 'b/c']);
    expect(plan.skip).toEqual([{ path: 'b', reasons: [{ code: 'held', message: expect.any(String) }] }]);
    expect(messages(plan, 'b')).toEqual([
      'held since 2026-01-02 03:04 UTC: rolled back by ada to release 01H; a commit that touches it releases it, and so do ' +
        '"seedbed stage resume" and "seedbed deploy"',
    ]);
  });

  it.each<[string, string[], Partial<ServiceState>]>([
    ['a file of its own', ['b/fix'], {}],
    ['a file of no service that its package was made of', ['libs/fix'], { outsideFiles: ['libs/fix'] }],
  ])('deploys them as soon as a push touches %s', (_, since, state) => {
    const states = services.map((path) => aState(path, path === 'b' ? { held, ...state } : {}));
    expect(Object.keys(deployed(planWith(since, { states })))).toContain('b');
  });

  it('takes a file that all share, and that the service was not made of, for no touch', () => {
    expect(Object.keys(deployed(planWith(['README.md'])))).not.toContain('b');
    expect(Object.keys(deployed(planWith(['README.md'], { checkCodeChange: false })))).not.toContain('b');
  });

  it('holds them on if the commit is gone that would tell', () => {
    const plan = planWith('unknown');
    expect(messages(plan, 'b')[0]).toContain(
      'whether a commit touched it since is not known, for ccccccc is no longer',
    );
  });

  it('deploys them if a person asks for a release', () => {
    expect(deployed(planWith(['a/x'], { isPush: false }))).toMatchObject({ b: ['files-changed'] });
  });

  it('says which holds end: those of what is deployed', () => {
    const states = [aState('a', { held }), aState('b', { held })];
    const plan: Plan = { phases: [[{ path: 'a', reasons: [] }]], skip: [] };
    expect(endedHolds(plan, states)).toEqual([{ path: 'a', hold: held }]);
  });
});

describe('the plan of changed files', () => {
  it('deploys the service a changed file belongs to, and no other', () => {
    const plan = planOf(['a', 'b'], ['a/x.ts']);
    expect(deployed(plan)).toEqual({ a: ['files-changed'] });
    expect(plan.skip.map(({ path, reasons }) => [path, reasons[0]!.code])).toEqual([['b', 'unchanged']]);
  });

  it.each<[string, string[], string[], Record<string, string[]>]>([
    ['nothing for no change', ['a', 'b'], [], {}],
    [
      'a nested service when its parent changes',
      ['a', 'a/b'],
      ['a/x'],
      { a: ['files-changed'], 'a/b': ['parent-changed'] },
    ],
    ['a nested service alone when only it changes', ['a', 'a/b'], ['a/b/x'], { 'a/b': ['files-changed'] }],
    [
      'a service when its parent’s parent changes',
      ['a', 'a/b', 'a/b/c'],
      ['a/x'],
      { a: ['files-changed'], 'a/b': ['parent-changed'], 'a/b/c': ['parent-changed'] },
    ],
    [
      'a service below an unregistered directory',
      ['a', 'a/b/c', 'z'],
      ['a/b/x'],
      { a: ['files-changed'], 'a/b/c': ['parent-changed'] },
    ],
    ['no sibling', ['a/b', 'a/c'], ['a/b/x'], { 'a/b': ['files-changed'] }],
    ['no service with the same beginning', ['a', 'ab', 'a-b'], ['ab/x'], { ab: ['files-changed'] }],
    [
      'all services for a file in an unregistered directory',
      ['a', 'b'],
      ['libs/x'],
      { a: ['shared-files-changed'], b: ['shared-files-changed'] },
    ],
    [
      'all services for a file of the repository’s root',
      ['a', 'b/c'],
      ['package.json'],
      { a: ['shared-files-changed'], 'b/c': ['shared-files-changed'] },
    ],
    [
      'all services for a file between a nested service and the root',
      ['a/b', 'c'],
      ['a/x'],
      { 'a/b': ['shared-files-changed'], c: ['shared-files-changed'] },
    ],
    [
      'everything when the root service changes',
      ['.', 'a'],
      ['libs/x'],
      { '.': ['files-changed'], a: ['parent-changed'] },
    ],
    ['a child of the root service alone', ['.', 'a'], ['a/x'], { a: ['files-changed'] }],
    [
      'each service with all reasons that held',
      ['.', 'a', 'a/b'],
      ['x', 'a/x', 'a/b/x'],
      { '.': ['files-changed'], a: ['files-changed', 'parent-changed'], 'a/b': ['files-changed', 'parent-changed'] },
    ],
    ['names beyond ASCII and with spaces', ['größe', 'b'], ['größe/my file.ts'], { größe: ['files-changed'] }],
    ['names that objects have anyway', ['constructor', 'b'], ['constructor/x'], { constructor: ['files-changed'] }],
  ])('deploys %s', (_, services, changed, expected) => {
    expect(deployed(planOf(services, changed))).toEqual(expected);
  });

  it('names a few of the files and counts the rest', () => {
    const changed = ['a/5', 'a/1', 'a/4', 'a/2', 'a/3', 'a/1'];
    expect(messages(planOf(['a', 'b'], changed), 'a')).toEqual([
      '5 files of the service changed: a/1, a/2, a/3 and 2 more',
    ]);
    expect(messages(planOf(['a', 'b'], ['a/1']), 'a')).toEqual(['1 file of the service changed: a/1']);
  });

  it('names the parents whose files changed, nearest first', () => {
    const plan = planOf(['.', 'a', 'a/b'], ['z', 'a/x']);
    expect(messages(plan, 'a/b')).toEqual(['2 files of "a", ".", in a directory above it, changed: a/x, z']);
  });

  it('says since when nothing changed', () => {
    expect(messages(planOf(['a', 'b'], ['a/x']), 'b')[0]).toMatch(/since it was last deployed \(bbbbbbb\)$/);
  });
});

describe('the plan of a stage', () => {
  it('deploys the only service of a repository with every change', () => {
    expect(deployed(planOf(['.'], ['x']))).toEqual({ '.': ['only-service', 'files-changed'] });
    expect(deployed(planOf(['a'], ['docs/x']))).toEqual({ a: ['only-service', 'shared-files-changed'] });
  });

  it('skips it without a build when no file of the repository differs, as after an empty commit', () => {
    const plan = planOf(['a'], []);
    expect(deployed(plan)).toEqual({});
    expect(plan.skip).toMatchObject([{ path: 'a', reasons: [{ code: 'unchanged' }] }]);
  });

  it('checks an only service that is known to be one of several', () => {
    expect(deployed(planOf(['a'], [], { single: false }))).toEqual({});
  });

  it.each<[string, Partial<PlanInput>, string]>([
    ['the release is forced', { force: true }, 'forced'],
    ['seed.yml turns the check off', { checkCodeChange: false }, 'change-check-off'],
    ['nothing was deployed yet', { states: [] }, 'first-release'],
    ['the base commit is gone', { changes: new Map([[BASE, 'unknown' as const]]) }, 'base-commit-unknown'],
    ['nobody compared with the base commit', { changes: new Map() }, 'base-commit-unknown'],
  ])('deploys every service when %s', (_, more, code) => {
    expect(deployed(planOf(['a', 'b'], [], more))).toEqual({ a: [code], b: [code] });
  });

  it.each(['failed', 'deploying'] as const)('deploys a service whose previous release was left %s', (status) => {
    const states = [aState('a', { status }), aState('b')];
    expect(deployed(planOf(['a', 'b'], [], { states }))).toEqual({ a: ['previous-release-failed'] });
  });

  it('deploys a new service alone', () => {
    expect(deployed(planOf(['a', 'b'], [], { states: [aState('a')] }))).toEqual({ b: ['first-release'] });
  });

  it('tells a first release that failed by both its reasons', () => {
    const states = [aState('a', { status: 'failed', commit: undefined, deployedPackage: undefined }), aState('b')];
    expect(deployed(planOf(['a', 'b'], [], { states }))).toEqual({ a: ['first-release', 'previous-release-failed'] });
  });

  it('compares each service with its own last deployed commit', () => {
    const states = [aState('a', { commit: '1'.repeat(40) }), aState('b', { commit: '2'.repeat(40) })];
    const changes = new Map([
      ['1'.repeat(40), ['b/x']],
      ['2'.repeat(40), ['a/x', 'b/x']],
    ]);
    expect(deployed(planOf(['a', 'b'], [], { states, changes }))).toEqual({ b: ['files-changed'] });
  });

  it('needs no comparison for services that deploy anyway', () => {
    const plan = planOf(['a', 'b'], [], { force: true, changes: new Map() });
    expect(deployed(plan)).toEqual({ a: ['forced'], b: ['forced'] });
  });

  it('leaves a service alone that the commit does not have, and says that it is deployed', () => {
    const gone = aState('gone', { stackName: 'gone-dev' });
    const plan = planOf(['a', 'b'], [], { states: [aState('a'), gone, aState('b')] });
    expect(deployed(plan)).toEqual({});
    expect(plan.skip.map(({ path, reasons }) => [path, reasons[0]!.code])).toEqual([
      ['a', 'unchanged'],
      ['b', 'unchanged'],
      ['gone', 'not-in-commit'],
    ]);
    expect(messages(plan, 'gone')).toEqual([
      'deployed (bbbbbbb), not in this commit; it stays as it is, with stack "gone-dev", until "seedbed stage rm" removes the stage',
    ]);
    expect(notInCommit(plan)).toEqual(['gone']);
    // Who asks for some services is not told of others.
    expect(notInCommit(planOf(['a', 'b'], [], { states: [aState('a'), gone], only: ['a'] }))).toEqual([]);
  });
});

describe('the bases to compare with', () => {
  it('are the distinct last deployed commits', () => {
    expect(basesOf(basesOfServices([aState('a'), aState('b'), aState('c', { commit: 'c'.repeat(40) })]))).toEqual([
      BASE,
      'c'.repeat(40),
    ]);
  });

  it('leave out services that deploy anyway or are gone', () => {
    const states = [
      aState('failed', { status: 'failed', commit: '1'.repeat(40) }),
      aState('new', { commit: undefined }),
      aState('gone', { commit: '2'.repeat(40) }),
      aState('a'),
    ];
    expect(basesOf(basesOfServices(states), ['failed', 'new', 'a'])).toEqual([BASE]);
  });
});

describe('the plan of services that are asked for', () => {
  it('deploys these, changed or not, and no other', () => {
    const plan = planOf(['a', 'b', 'c'], ['b/x'], { only: ['a', 'b'] });
    expect(deployed(plan)).toEqual({ a: ['asked-for'], b: ['asked-for', 'files-changed'] });
    expect(plan.skip).toEqual([{ path: 'c', reasons: [{ code: 'not-asked-for', message: 'not asked for' }] }]);
  });

  it('needs no comparison', () => {
    const plan = planOf(['a', 'b'], [], { only: ['a'], changes: new Map(), bases: new Map() });
    expect(deployed(plan)).toEqual({ a: ['asked-for'] });
  });

  it('refuses one that is not there, with the likely one', () => {
    const plan = () => planOf(['orders', 'web'], [], { only: ['oders'] });
    expect(plan).toThrow(expect.objectContaining({ code: 'ServiceNotFound' }));
    expect(plan).toThrow('the commit has no service "oders"; did you mean "orders"?');
  });
});

describe('the phases of a plan', () => {
  const order = new Map([
    ['db', 0],
    ['api', 1],
    ['web', 1],
    ['jobs', 2],
  ]);
  const services = [...order.keys()];
  const phases = (plan: Plan) => plan.phases.map((phase) => phase.map(({ path, phase: number }) => [path, number]));

  it('are one if there is no order', () => {
    expect(planOf(services, ['x']).phases.map((phase) => phase.map(({ path }) => path))).toEqual([services]);
  });

  it('follow the order, and each service knows its number', () => {
    expect(phases(planOf(services, ['x'], { order }))).toEqual([
      [['db', 0]],
      [
        ['api', 1],
        ['web', 1],
      ],
      [['jobs', 2]],
    ]);
  });

  it('keep their numbers when those in which nothing deploys are left out', () => {
    const plan = planOf(services, ['web/x'], { order });
    expect(phases(plan)).toEqual([[['web', 1]]]);
    expect(plan.skip.map(({ path, phase }) => [path, phase])).toEqual([
      ['db', 0],
      ['api', 1],
      ['jobs', 2],
    ]);
  });
});

describe('every plan', () => {
  /** Most are deployed, so that the changed files decide. */
  const STATUS = ['deployed', 'deployed', 'deployed', 'deployed', 'none', 'never', 'failed', 'deploying'] as const;
  const seldom = fc.nat(9).map((n) => n === 9);
  const part = fc.constantFrom('a', 'b', 'ab', 'ü', 'x y');
  const directory = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/') || '.');
  const service = directory.filter((path) => !path.includes(' '));
  const file = fc
    .tuple(directory, fc.constantFrom('f', 'g'))
    .map(([path, name]) => (path === '.' ? name : `${path}/${name}`));
  const scene = fc.record({
    services: fc.uniqueArray(service, { minLength: 1, maxLength: 8 }),
    files: fc.array(file, { maxLength: 12 }),
    force: seldom,
    checkCodeChange: seldom.map((off) => !off),
    unknown: seldom,
    /** By the index of the service. */
    status: fc.array(fc.constantFrom(...STATUS), { minLength: 8, maxLength: 8 }),
  });
  type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

  const stateOf = (path: string, status: (typeof STATUS)[number]): ServiceState[] => {
    if (status === 'none') return [];
    return [status === 'never' ? aState(path, { status: 'failed', commit: undefined }) : aState(path, { status })];
  };

  const planned = ({ services, files, force, checkCodeChange, unknown, status }: Scene): Plan =>
    planServices({
      services,
      states: services.flatMap((path, index) => stateOf(path, status[index]!)),
      changes: new Map([[BASE, unknown ? 'unknown' : files]]),
      force,
      checkCodeChange,
    });

  /** The rule word for word, without any index. */
  const contains = (directory: string, path: string): boolean => directory === '.' || path.startsWith(`${directory}/`);
  const deploys = ({ services, files, force, checkCodeChange, unknown, status }: Scene, path: string): boolean => {
    const own = status[services.indexOf(path)]!;
    if (force || !checkCodeChange || own !== 'deployed' || unknown) return true;
    if (services.length === 1) return files.length > 0;
    return files.some((name) => {
      const containing = services.filter((one) => contains(one, name));
      const owner = containing.sort((a, b) => (b === '.' ? 0 : b.length) - (a === '.' ? 0 : a.length))[0];
      return owner === undefined || owner === path || (path !== '.' && contains(owner, path));
    });
  };

  it('deploys exactly what the rule says, and gives a reason for every service', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const plan = planned(given);
        const deploy = plan.phases.flat().map(({ path }) => path);
        expect(deploy).toEqual(given.services.filter((path) => deploys(given, path)));
        expect([...deploy, ...plan.skip.map(({ path }) => path)].sort()).toEqual([...given.services].sort());
        for (const { reasons } of [...plan.phases.flat(), ...plan.skip]) expect(reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: runs(500) },
    );
  });

  it('does not depend on the order of the files', () => {
    fc.assert(
      fc.property(scene, (given) => {
        expect(planned({ ...given, files: [...given.files].reverse() })).toEqual(planned(given));
      }),
    );
  });

  it('looks at each file once, not once for every service', () => {
    const services = Array.from({ length: 1_000 }, (_, index) => `group-${index % 10}/service-${index}`);
    let reads = 0;
    const files = Array.from(
      { length: 20_000 },
      (_, index) => `group-${index % 10}/service-${index % 2_000}/file-${index}`,
    );
    const counted = new Proxy(files, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
        return Reflect.get(target, key);
      },
    });
    expect(planOf(services, counted).phases.flat()).toHaveLength(1_000);
    expect(reads).toBe(files.length);
  });
});
