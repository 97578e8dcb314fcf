import { namedOutside, outsideFiles } from '../../../lib/core/plan/outside-files';

describe('outsideFiles', () => {
  it('leaves out what lies in the directory of the service, and sorts the rest', () => {
    expect(outsideFiles(['b/x', 'a/y', 'ab/z', 'a/y', 'a/d/e'], 'a')).toEqual(['ab/z', 'b/x']);
    expect(outsideFiles(['b/x', 'y'], '.')).toEqual([]);
  });

  it('tells directories in the place of too many files, deepest first', () => {
    const many = Array.from({ length: 400 }, (_, index) => `libs/deep/${index}.js`);
    expect(outsideFiles([...many, 'libs/x.js', 'b/y/*'], 'a')).toEqual(['b/y/', 'libs/deep/', 'libs/x.js']);
    const flat = Array.from({ length: 400 }, (_, index) => `${index}/x.js`);
    expect(outsideFiles(flat, 'a')).toEqual(['./']);
  });
});

describe('namedOutside', () => {
  it.each([
    ['a variable', { provider: { environment: '${file(../b/texts.yml):hello}' } }, ['services/b/texts.yml']],
    ['a variable with a fallback', { a: "${file(./x/../../b/c.json, 'none')}" }, ['services/b/c.json']],
    ['several variables', { a: '${file(../b.yml)}${file(../../c.yml)}' }, ['c.yml', 'services/b.yml']],
    ['a pattern', { package: { patterns: ['!**', '../b/**/*.js'] } }, ['services/b/']],
    ['an artifact', { functions: { a: { package: { artifact: '../b/x.zip' } } } }, ['services/b/x.zip']],
    ['a layer', { layers: { a: { path: '../../layer' } } }, ['layer', 'layer/']],
    ['a handler', { functions: { a: { handler: '../b/src/hello.handler' } } }, ['services/b/src/*']],
    ['what is not written out', { a: '${file(../${opt:stage}.yml)}' }, []],
    ['its own files', { a: '${file(./own.yml)}', package: { patterns: ['src/**'] } }, []],
    ['what is outside of the repository', { a: '${file(../../../x.yml)}' }, []],
    ['nothing', undefined, []],
  ])('finds %s', (_, config, expected) => {
    const found = namedOutside(config, 'services/a');
    expect(found.filter((path) => !path.startsWith('services/b/x.zip/'))).toEqual(expected);
  });
});
