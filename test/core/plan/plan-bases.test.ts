import * as fc from 'fast-check';
import type { Plan, PlannedAt, ServiceState } from '../../../lib/core/contracts/state';
import { planServices } from '../../../lib/core/plan/plan';
import { basesOfServices, plannedAt } from '../../../lib/core/plan/plan-bases';
import { runs } from '../../runs';

const commitOf = (number: number): string => String(number).padStart(40, '0');
const aState = (path: string, commit: string, more: Partial<ServiceState> = {}): ServiceState => ({
  path,
  commit,
  status: 'deployed',
  releaseId: '0'.repeat(26),
  ...more,
});

describe('basesOfServices', () => {
  const planned: PlannedAt = { commit: 'new', unchanged: { a: 'old', b: 'old', c: 'old' } };

  it('moves on for services that the last plan found unchanged', () => {
    const states = [aState('a', 'old'), aState('d', 'other')];
    expect(Object.fromEntries(basesOfServices(states, planned))).toEqual({ a: 'new', d: 'other' });
  });

  it('counts no more when something else has been deployed since', () => {
    expect(basesOfServices([aState('a', 'rolled-back')], planned).get('a')).toBe('rolled-back');
  });

  it('leaves out services that are not compared', () => {
    expect(basesOfServices([aState('a', 'old', { status: 'failed' })], planned).size).toBe(0);
  });
});

describe('plannedAt', () => {
  const reason = (code: 'unchanged' | 'not-asked-for') => [{ code, message: '' }];

  it('fits into an item of the state table, whatever the number of services and the length of their paths', () => {
    const paths = Array.from({ length: 6_000 }, (_, index) => `${'ü'.repeat(60)}/${index}`);
    const plan: Plan = { phases: [], skip: paths.map((path) => ({ path, reasons: reason('unchanged') })) };
    const kept = plannedAt(
      'new',
      plan,
      paths.map((path) => aState(path, commitOf(1))),
    );
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(350_000);
    expect(Object.keys(kept!.unchanged).length).toBeGreaterThan(1_800);
  });

  it('keeps of each service that was found unchanged what is deployed of it', () => {
    const plan: Plan = { phases: [], skip: [{ path: 'a', reasons: reason('unchanged') }] };
    expect(plannedAt('new', plan, [aState('a', 'old')])).toEqual({ commit: 'new', unchanged: { a: 'old' } });
  });

  it('keeps nothing of those that nobody looked at', () => {
    const plan: Plan = { phases: [], skip: [{ path: 'a', reasons: reason('not-asked-for') }] };
    expect(plannedAt('new', plan, [aState('a', 'old')])).toBeUndefined();
  });
});

describe('a chain of releases', () => {
  const DIRECTORIES = ['.', 'a', 'a/b', 'a/b/c', 'd', 'lib'];
  const FILES = DIRECTORIES.flatMap((directory) =>
    ['f', 'g'].map((file) => (directory === '.' ? file : `${directory}/${file}`)),
  );
  /** What a commit changes: the content of files, and which directories are services. */
  const commit = fc.record({
    files: fc.array(fc.tuple(fc.constantFrom(...FILES), fc.nat(2)), { maxLength: 3 }),
    toggled: fc.option(fc.constantFrom(...DIRECTORIES), { nil: undefined, freq: 3 }),
    /** Of the planned services, by index, those whose deployment fails. */
    fails: fc.array(fc.nat(5), { maxLength: 1 }),
    /** A link that leads elsewhere from here on, or is gone. */
    linked: fc.option(
      fc.tuple(fc.constantFrom('a/b/link', 'd/link'), fc.constantFrom('', '../a', '../d', '../lib/f')),
      {
        nil: undefined,
        freq: 2,
      },
    ),
    /** What packages of it are made of outside of their services' directories. */
    read: fc.subarray(FILES, { maxLength: 2 }),
  });
  type Commit = typeof commit extends fc.Arbitrary<infer T> ? T : never;
  type Tree = ReadonlyMap<string, number | string>;

  const configOf = (directory: string) => (directory === '.' ? 'serverless.yml' : `${directory}/serverless.yml`);
  const changedBetween = (one: Tree, other: Tree): string[] =>
    [...new Set([...one.keys(), ...other.keys()])].filter((file) => one.get(file) !== other.get(file));

  /**
   * Releases every commit, and compares at each what is planned with bases that move on and with each service's own.
   */
  function play(
    commits: readonly Commit[],
    check: (moved: readonly string[], own: readonly string[]) => void,
  ): number[] {
    const trees: Tree[] = [];
    let tree = new Map<string, number | string>(['a', 'a/b', 'd'].map((directory) => [configOf(directory), 0]));
    let states: ServiceState[] = [];
    let planned: PlannedAt | undefined;
    const distinctBases: number[] = [];
    for (const [index, { files, toggled, fails, read, linked }] of commits.entries()) {
      tree = new Map(tree);
      for (const [file, content] of files) tree.set(file, content);
      if (toggled !== undefined && !tree.delete(configOf(toggled))) tree.set(configOf(toggled), 0);
      if (linked?.[1] === '') tree.delete(linked[0]);
      else if (linked) tree.set(...linked);
      const links = new Map(
        [...tree].flatMap(([path, target]) => (typeof target === 'string' ? [[path, target]] : [])),
      );
      trees.push(tree);
      const services = DIRECTORIES.filter((directory) => tree.has(configOf(directory)));
      const planWith = (bases: ReadonlyMap<string, string>) => {
        const changes = [...new Set(bases.values())].map(
          (base) => [base, changedBetween(trees[Number(base)]!, tree)] as const,
        );
        return planServices({
          services,
          states,
          bases,
          changes: new Map(changes),
          links,
          force: false,
          checkCodeChange: true,
        });
      };
      const bases = basesOfServices(states, planned);
      const plan = planWith(bases);
      const deploying = (one: Plan) => one.phases.flat().map(({ path }) => path);
      check(deploying(plan), deploying(planWith(basesOfServices(states))));
      distinctBases.push(new Set(services.flatMap((path) => bases.get(path) ?? [])).size);
      planned = plannedAt(commitOf(index), plan, states) ?? planned;
      const failed = new Set(fails.map((one) => deploying(plan)[one]));
      const after = deploying(plan).map((path) => {
        const before = states.find((state) => state.path === path);
        return failed.has(path)
          ? aState(path, before?.commit as string, { status: 'failed' })
          : aState(path, commitOf(index), { outsideFiles: [...read] });
      });
      states = [...states.filter(({ path }) => !deploying(plan).includes(path)), ...after];
    }
    return distinctBases;
  }

  it('plans with moved bases what it would with the commits that services were deployed of', () => {
    const fixed = commit.map((one) => ({ ...one, toggled: undefined }));
    fc.assert(
      fc.property(fc.array(fixed, { minLength: 2, maxLength: 12 }), (commits) => {
        play(commits, (moved, own) => expect(moved).toEqual(own));
      }),
      { numRuns: runs(500) },
    );
  });

  it('loses no deployment either when services come and go', () => {
    fc.assert(
      fc.property(fc.array(commit, { minLength: 2, maxLength: 12 }), (commits) => {
        play(commits, (moved, own) => expect(moved).toEqual(expect.arrayContaining([...own])));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('needs one base for each release while none fails', () => {
    const fixed = commit.map((one) => ({ ...one, toggled: undefined, fails: [] }));
    fc.assert(
      fc.property(fc.array(fixed, { minLength: 2, maxLength: 12 }), (commits) => {
        for (const count of play(commits, () => {})) expect(count).toBeLessThanOrEqual(1);
      }),
    );
  });
});
