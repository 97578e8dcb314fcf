import * as fc from 'fast-check';
import type { Plan, PlannedAt, ServiceState } from '../../../lib/core/contracts/state';
import { governsOthers } from '../../../lib/core/plan/governing-files';
import { outsideFiles } from '../../../lib/core/plan/outside-files';
import { planServices } from '../../../lib/core/plan/plan';
import { basesOfServices, plannedAt } from '../../../lib/core/plan/plan-bases';
import { runs } from '../../runs';

const BASE = 'b'.repeat(40);
const SERVICES = ['services/api', 'services/mail', 'services/web'];

const aState = (path: string, more: Partial<ServiceState> = {}): ServiceState => ({
  path,
  status: 'deployed',
  releaseId: '0'.repeat(26),
  commit: BASE,
  outsideFiles: [],
  outsideUnseen: { commit: BASE, by: [] },
  ...more,
});

/** Of services that were all deployed at one commit, the first of which was made of `libs/money.js`. */
function planOf(
  changed: readonly string[],
  {
    edited = changed,
    states = {},
  }: { edited?: readonly string[]; states?: Record<string, Partial<ServiceState>> } = {},
): Plan {
  return planServices({
    services: SERVICES,
    states: SERVICES.map((path) =>
      aState(path, { ...(path === 'services/api' && { outsideFiles: ['libs/money.js'] }), ...states[path] }),
    ),
    changes: new Map([[BASE, changed]]),
    edited: new Map([[BASE, new Set(edited)]]),
    force: false,
    checkCodeChange: true,
  });
}

const told = (plan: Plan): Record<string, string[]> =>
  Object.fromEntries(
    [...plan.phases.flat(), ...plan.skip].map(({ path, reasons }) => [
      path,
      reasons.map(({ code, message }) => `${code}: ${message}`),
    ]),
  );
const deployed = (plan: Plan): string[] => plan.phases.flat().map(({ path }) => path);

describe('with changes: files a file of no service', () => {
  it('deploys the services whose last package was made of it, and tells the others why it does not', () => {
    const passed =
      'unchanged: nothing that concerns the service changed since it was last deployed (bbbbbbb): its last package was ' +
      'not made of the file of no service that changed: libs/money.js';
    expect(told(planOf(['libs/money.js']))).toEqual({
      'services/api': [
        'read-files-changed: 1 file outside its directory that the service reads changed: libs/money.js',
      ],
      'services/mail': [passed],
      'services/web': [passed],
    });
  });

  it('deploys nothing if no package was made of it', () => {
    const plan = planOf(['README.md', 'libs/a.js', 'libs/b.js', 'libs/c.js']);
    expect(deployed(plan)).toEqual([]);
    expect(told(plan)['services/web']).toEqual([
      'unchanged: nothing that concerns the service changed since it was last deployed (bbbbbbb): its last package was ' +
        'not made of any of the 4 files of no service that changed: README.md, libs/a.js, libs/b.js and 1 more',
    ]);
  });

  it('concerns all if it is new, gone, renamed, a link or a submodule, since then what else is found may be another', () => {
    const plan = planOf(['libs/money.js', 'libs/new.js'], { edited: ['libs/money.js'] });
    expect(deployed(plan)).toEqual(SERVICES);
    expect(told(plan)['services/mail']).toEqual([
      'shared-files-changed: 1 file of no service changed: libs/new.js; what is new, gone, renamed, a link or a setting of ' +
        'tools concerns every service',
    ]);
  });

  it.each([
    ...['package.json', 'libs/package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', '.npmrc', '.nvmrc'],
    ...['seed.yml', 'tsconfig.json', 'tsconfig.base.json', 'config/base.tsconfig.json', 'jsconfig.json', '.env.prod'],
    ...['babel.config.js', '.babelrc', 'esbuild.config.mjs', 'webpack.prod.js', '.gitattributes', '.gitmodules'],
    ...[
      'requirements.txt',
      'requirements-dev.txt',
      'Pipfile.lock',
      'Dockerfile',
      'patches/x.patch',
      '.yarn/cache/x.zip',
    ],
    ...['serverless-compose.yml', 'prod.env'],
  ])('concerns all if it is %s', (file) => {
    expect(deployed(planOf([file]))).toEqual(SERVICES);
  });

  it.each([
    'libs/money.js',
    'docs/a.md',
    'libs/config.js',
    'libs/packages.json',
    '.github/workflows/ci.yml',
    'Makers.ts',
  ])('does not govern others by its name if it is %s', (file) => expect(governsOthers(file)).toBe(false));

  it('concerns a service of whose package nobody knows all that it was made of', () => {
    const plan = planOf(['libs/money.js'], {
      states: {
        'services/mail': { outsideUnseen: undefined },
        'services/web': { outsideUnseen: { commit: BASE, by: ['commands of before_build'] } },
      },
    });
    expect(told(plan)).toMatchObject({
      'services/mail': [
        'shared-files-changed: 1 file of no service changed: libs/money.js; its last package has no record of all files ' +
          'that it was made of',
      ],
      'services/web': [
        'shared-files-changed: 1 file of no service changed: libs/money.js; its last package may have been made of other ' +
          'files than were seen: commands of before_build',
      ],
    });
  });

  it('concerns a service whose record is of another commit than the deployed one', () => {
    const old = { outsideUnseen: { commit: 'a'.repeat(40), by: [] } };
    expect(deployed(planOf(['libs/x.js'], { states: { 'services/web': old } }))).toEqual(['services/web']);
  });

  it('concerns nobody for being in a directory that was listed, unless it comes or goes', () => {
    const states = { 'services/web': { outsideFiles: ['libs/*'] } };
    expect(deployed(planOf(['libs/x.js'], { states }))).toEqual([]);
    expect(deployed(planOf(['libs/x.js'], { states: { 'services/web': { outsideFiles: ['libs/'] } } }))).toEqual([
      'services/web',
    ]);
  });
});

it('leaves files of services to the directories, whatever was edited', () => {
  expect(told(planOf(['services/web/a.js', 'libs/x.js']))['services/web']).toEqual([
    'files-changed: 1 file of the service changed: services/web/a.js',
  ]);
});

/**
 * A small world in which packages are made: files that import others, by the first name that is there, by a list of a
 * directory, or through links. What a build opens, misses or lists is recorded, and what programs read that nobody
 * watches is not.
 */
type Entry =
  | { readonly text: number; readonly imports: readonly Import[]; readonly hidden?: string }
  | { readonly link: string };
type Import = { readonly first: readonly string[] } | { readonly all: string };
type Tree = ReadonlyMap<string, Entry>;

const DIRECTORIES = ['a', 'a/n', 'b', 'libs', 'libs/deep'];
const FILES = DIRECTORIES.flatMap((directory) => ['main', 'x', 'y'].map((name) => `${directory}/${name}`));
const GOVERNING = ['tsconfig.json', 'libs/package.json'];
const configOf = (directory: string) => `${directory}/serverless.yml`;
const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

/** @returns what a build of the service yields, and its record */
function build(tree: Tree, service: string): { package: string; reads: string[]; unseen: string[] } {
  const reads = new Set<string>();
  const unseen: string[] = [];
  const parts: unknown[] = GOVERNING.map((path) => tree.get(path));
  const seen = new Set<string>();
  const open = (path: string): void => {
    reads.add(path);
    if (seen.has(path)) return;
    seen.add(path);
    let entry = tree.get(path);
    let at = path;
    for (let followed = 0; entry && 'link' in entry && followed < 5; followed += 1) {
      at = entry.link;
      entry = tree.get(at);
    }
    // The record has the link and what it leads to, not the links between.
    reads.add(at);
    if (!entry || 'link' in entry) return void parts.push([path, 'nothing']);
    parts.push([path, entry.text]);
    if (entry.hidden !== undefined) {
      unseen.push('a program');
      parts.push(tree.get(entry.hidden));
    }
    for (const one of entry.imports) {
      if ('first' in one) for (const name of one.first) if (find(name)) break;
      if ('all' in one) list(one.all);
    }
  };
  // The rule of the directories does not tell a service of files of a service below it.
  const isBelow = (path: string) => path.startsWith(`${service}/`) && directoryOf(path) !== service;
  const find = (path: string): boolean => {
    if (isBelow(path)) return false;
    open(path);
    return tree.has(path);
  };
  const list = (directory: string): void => {
    reads.add(`${directory}/*`);
    const names = [...tree.keys()].filter((path) => directoryOf(path) === directory).sort();
    parts.push(names);
    for (const name of names) open(name);
  };
  list(service);
  return { package: JSON.stringify(parts), reads: [...reads], unseen };
}

/** What programs read that nobody watches is of no service: the rule of the directories tells of no other files. */
const anEntry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        text: fc.nat(2),
        imports: fc.array(
          fc.oneof(
            fc.record({ first: fc.array(fc.constantFrom(...FILES), { minLength: 1, maxLength: 2 }) }),
            fc.record({ all: fc.constantFrom('libs', 'libs/deep') }),
          ),
          { maxLength: 2 },
        ),
        hidden: fc.option(fc.constantFrom('libs/x', 'libs/y'), { nil: undefined, freq: 12 }),
      },
      { requiredKeys: ['text', 'imports'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ link: fc.constantFrom('libs/x', 'libs/y', 'libs/deep/x') }) },
);

/** What a commit changes: contents, files that go, what governs, and which directories are services. */
const aCommit = fc.record({
  written: fc.array(fc.tuple(fc.constantFrom(...FILES), anEntry), { maxLength: 3 }),
  removed: fc.array(fc.constantFrom(...FILES), { maxLength: 1 }),
  governing: fc.option(fc.tuple(fc.constantFrom(...GOVERNING), fc.nat(2)), { nil: undefined, freq: 6 }),
  toggled: fc.option(fc.constantFrom('a/n', 'b', 'libs/deep'), { nil: undefined, freq: 6 }),
  /** Of the services that are deployed, by index, the one whose deployment fails. */
  fails: fc.option(fc.nat(3), { nil: undefined, freq: 8 }),
});

const keyOf = (index: number): string => String(index).padStart(40, '0');
const isFile = (entry: Entry | undefined): boolean => entry !== undefined && 'text' in entry;

/** Plans and deploys commit after commit. @returns how many services were left out although a file of none changed */
function play(commits: readonly (typeof aCommit extends fc.Arbitrary<infer T> ? T : never)[]): number {
  const trees: Tree[] = [];
  let tree: Tree = new Map([
    ...FILES.map((path) => [path, { text: 0, imports: [] }] as const),
    ...['a', 'a/n', 'b'].map((path) => [configOf(path), { text: 0, imports: [] }] as const),
  ]);
  let states: ServiceState[] = [];
  let planned: PlannedAt | undefined;
  let leftOut = 0;
  const packages = new Map<string, string>();
  for (const [index, { written, removed, governing, toggled, fails }] of commits.entries()) {
    const next = new Map(tree);
    for (const path of removed) next.delete(path);
    for (const [path, entry] of written) next.set(path, entry);
    if (governing) next.set(governing[0], { text: governing[1], imports: [] });
    if (toggled && !next.delete(configOf(toggled))) next.set(configOf(toggled), { text: 0, imports: [] });
    tree = next;
    trees.push(tree);
    const services = DIRECTORIES.filter((directory) => next.has(configOf(directory)));
    const bases = basesOfServices(states, planned);
    const compared = [...new Set(bases.values())].map((base) => {
      const before = trees[Number(base)]!;
      const changed = [...new Set([...before.keys(), ...next.keys()])].filter(
        (path) => JSON.stringify(before.get(path)) !== JSON.stringify(next.get(path)),
      );
      const edited = changed.filter((path) => isFile(before.get(path)) && isFile(next.get(path)));
      return { base, changed, edited: new Set(edited) };
    });
    const plan = planServices({
      services,
      states,
      bases,
      changes: new Map(compared.map(({ base, changed }) => [base, changed])),
      edited: new Map(compared.map(({ base, edited }) => [base, edited])),
      force: false,
      checkCodeChange: true,
    });
    for (const { path, reasons } of plan.skip.filter((one) => services.includes(one.path))) {
      expect([path, build(tree, path).package]).toEqual([path, packages.get(path)]);
      if (reasons[0]!.message.includes('not made of')) leftOut += 1;
    }
    planned = plannedAt(keyOf(index), plan, states) ?? planned;
    const after = plan.phases.flat().map(({ path }, number): ServiceState => {
      const before = states.find((state) => state.path === path);
      if (number === fails) return { ...aState(path), ...before, commit: before?.commit, status: 'failed' };
      const made = build(tree, path);
      packages.set(path, made.package);
      const commit = keyOf(index);
      const record = { outsideFiles: [...outsideFiles(made.reads, path)], outsideUnseen: { commit, by: made.unseen } };
      return aState(path, { commit, ...record });
    });
    states = [...states.filter(({ path }) => !after.some((one) => one.path === path)), ...after];
  }
  return leftOut;
}

it('leaves out no service whose package another build would make differently, over many releases', () => {
  let leftOut = 0;
  fc.assert(
    fc.property(fc.array(aCommit, { minLength: 2, maxLength: 10 }), (commits) => {
      leftOut += play(commits);
    }),
    { numRuns: runs(2_000) },
  );
  // It would hold also if nothing were ever left out.
  expect(leftOut).toBeGreaterThan(runs(2_000) / 10);
});
