import * as fc from 'fast-check';
import type { Plan } from '../../../lib/core/contracts/state';
import { planServices } from '../../../lib/core/plan/plan';
import { packageGraph, type WorkspacePackage } from '../../../lib/core/workspaces/package-graph';
import { runs } from '../../runs';

const BASE = 'b'.repeat(40);
const aPackage = (directory: string, ...dependencies: readonly string[]): WorkspacePackage => ({
  directory,
  name: `@acme/${directory.split('/').at(-1)}`,
  dependencies: dependencies.map((name) => `@acme/${name}`),
});

const planOf = (services: readonly string[], packages: readonly WorkspacePackage[], changed: readonly string[]): Plan =>
  planServices({
    services,
    states: services.map((path) => ({ path, status: 'deployed', releaseId: '0'.repeat(26), commit: BASE })),
    changes: new Map([[BASE, changed]]),
    packages: packageGraph(packages),
    force: false,
    checkCodeChange: true,
  });
const deployed = (plan: Plan) =>
  Object.fromEntries(plan.phases.flat().map(({ path, reasons }) => [path, reasons.map(({ code }) => code)]));
const messageOf = (plan: Plan, path: string) =>
  plan.phases
    .flat()
    .find((service) => service.path === path)!
    .reasons.map(({ message }) => message);

const SERVICES = ['apps/shop/api', 'services/mail', 'services/web'];
const PACKAGES = [
  aPackage('services/web', 'ui'),
  aPackage('services/mail'),
  aPackage('packages/ui', 'tokens'),
  aPackage('packages/tokens'),
  aPackage('apps/shop', 'tokens'),
];

describe('the plan by packages', () => {
  it.each<[string, string[], Record<string, string[]>]>([
    ['its own package, of which it is only a part', ['apps/shop/lib/x.ts'], { 'apps/shop/api': ['package-changed'] }],
    ['a package that it uses', ['packages/ui/x.ts'], { 'services/web': ['package-changed'] }],
    [
      'a package that one of those uses',
      ['packages/tokens/x.ts'],
      { 'apps/shop/api': ['package-changed'], 'services/web': ['package-changed'] },
    ],
    [
      'a file of no package, and so do all others',
      ['package-lock.json'],
      Object.fromEntries(SERVICES.map((path) => [path, ['shared-files-changed']])),
    ],
    ['a file of its own', ['services/mail/x.ts'], { 'services/mail': ['files-changed'] }],
  ])('deploys a service for %s', (_, changed, expected) => {
    expect(deployed(planOf(SERVICES, PACKAGES, changed))).toEqual(expected);
  });

  it(
    'deploys who declares to use another service, and leaves a service alone that has only others in its ' +
      'directory',
    () => {
      const packages = [aPackage('services/api'), aPackage('services/web', 'api')];
      const services = ['services/api', 'services/api/admin', 'services/web'];
      expect(deployed(planOf(services, packages, ['services/api/x.ts']))).toEqual({
        'services/api': ['files-changed'],
        'services/api/admin': ['parent-changed'],
        'services/web': ['package-changed'],
      });
      expect(Object.keys(deployed(planOf(services, packages, ['services/api/admin/x.ts'])))).toEqual([
        'services/api/admin',
        'services/web',
      ]);
    },
  );

  it('keeps the rule of directories for a service in no package', () => {
    const services = ['services/web', 'legacy'];
    expect(deployed(planOf(services, PACKAGES, ['packages/tokens/x.ts']))).toEqual({
      'services/web': ['package-changed'],
      legacy: ['shared-files-changed'],
    });
    expect(deployed(planOf(services, [aPackage('services/web'), aPackage('packages/ui')], ['packages/ui/x']))).toEqual({
      legacy: ['shared-files-changed'],
    });
  });

  it('takes packages that use each other', () => {
    const packages = [aPackage('services/web', 'a'), aPackage('packages/a', 'b'), aPackage('packages/b', 'a')];
    expect(deployed(planOf(['services/web', 'x'], packages, ['packages/b/x']))).toHaveProperty(['services/web']);
  });

  it('tells how the service comes to use the package', () => {
    const plan = planOf(SERVICES, PACKAGES, ['packages/tokens/b.ts', 'packages/tokens/a.ts', 'apps/shop/lib/x.ts']);
    expect(messageOf(plan, 'services/web')).toEqual([
      '2 files of package "@acme/tokens", which it uses (@acme/web → @acme/ui → @acme/tokens), changed: ' +
        'packages/tokens/a.ts, packages/tokens/b.ts',
    ]);
    expect(messageOf(plan, 'apps/shop/api')).toEqual([
      '3 files of package "@acme/shop", "@acme/tokens", the service\'s package, changed: apps/shop/lib/x.ts, ' +
        'packages/tokens/a.ts, packages/tokens/b.ts',
    ]);
  });

  it('deploys a service exactly if a package that it reaches changed, or what the directories say', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const scene = fc.record({
      /** Of each package, those that it uses. */
      uses: fc.array(fc.array(fc.nat(names.length - 1), { maxLength: 3 }), { minLength: 6, maxLength: 6 }),
      /** Which of them are services. */
      services: fc.uniqueArray(fc.nat(names.length - 1), { minLength: 2, maxLength: 4 }),
      changed: fc.uniqueArray(fc.nat(names.length - 1), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(scene, ({ uses, services, changed }) => {
        const packages = names.map((name, index) => aPackage(`p/${name}`, ...uses[index]!.map((used) => names[used]!)));
        const paths = services.map((index) => `p/${names[index]}`);
        const plan = planOf(
          paths,
          packages,
          changed.map((index) => `p/${names[index]}/file`),
        );
        // The rule word for word: all that can be reached, step by step.
        const reach = (from: number): Set<number> => {
          const reached = new Set([from]);
          for (const one of reached) for (const used of uses[one]!) reached.add(used);
          return reached;
        };
        const expected = services.filter((index) => changed.some((one) => reach(index).has(one)));
        expect(plan.phases.flat().map(({ path }) => path)).toEqual(expected.map((index) => `p/${names[index]}`));
      }),
      { numRuns: runs(500) },
    );
  });
});
