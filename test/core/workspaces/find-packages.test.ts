import { findPackages, readPackage } from '../../../lib/core/workspaces/find-packages';

describe('findPackages', () => {
  const files = [
    'package.json',
    'packages/ui/package.json',
    'packages/ui/src/index.ts',
    'packages/ui/node_modules/x/package.json',
    'packages/group/deep/package.json',
    'packages/old/package.json',
    'services/web/package.json',
    'tools/lint/package.json',
    'packages/empty/README.md',
  ];

  it.each<[string, string[], string[]]>([
    ['one level of directories', ['packages/*'], ['packages/old', 'packages/ui']],
    ['all levels', ['packages/**'], ['packages/group/deep', 'packages/old', 'packages/ui']],
    ['directories by name, as they may be written', ['./services/web/', 'tools/lint'], ['services/web', 'tools/lint']],
    ['all but some', ['packages/*', '!packages/old'], ['packages/ui']],
    ['nothing', [], []],
    [
      'never the root',
      ['.', '**'],
      ['packages/group/deep', 'packages/old', 'packages/ui', 'services/web', 'tools/lint'],
    ],
  ])('finds %s', (_, patterns, expected) => {
    expect(findPackages(files, patterns)).toEqual(expected);
  });
});

describe('readPackage', () => {
  const uses = (json: object) => readPackage('packages/ui', json as Record<string, unknown>).dependencies;

  it('takes every kind of dependency', () => {
    const json = {
      dependencies: { a: '^1' },
      devDependencies: { b: '*' },
      optionalDependencies: { c: '1.0.0' },
      peerDependencies: { d: '>=1', a: '^1' },
    };
    expect(uses(json)).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['workspace:*', ['x']],
    ['workspace:^1.0.0', ['x']],
    ['workspace:@acme/tokens@*', ['x', '@acme/tokens']],
    ['workspace:../tokens', ['x', 'packages/tokens']],
    ['npm:@acme/tokens@^1', ['x', '@acme/tokens']],
    ['file:../tokens', ['x', 'packages/tokens']],
    ['link:./inner/', ['x', 'packages/ui/inner']],
    ['portal:../../libs/money', ['x', 'libs/money']],
    ['https://example.com/x.tgz', ['x']],
  ])('reads what %s means', (value, expected) => {
    expect(uses({ dependencies: { x: value } })).toEqual([...new Set(expected)]);
  });

  it('calls a package without a name by its directory, whatever else is in there', () => {
    expect(readPackage('packages/ui', { name: 7, dependencies: null })).toEqual({
      directory: 'packages/ui',
      name: 'packages/ui',
      dependencies: [],
    });
  });
});
