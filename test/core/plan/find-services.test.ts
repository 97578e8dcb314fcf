import { bundleKey, keyBeside } from '../../../lib/core/contracts/keys';
import { findServices, kindInDirectory, undecidedFiles } from '../../../lib/core/plan/find-services';

describe('finding services', () => {
  it('finds a service by each name the Serverless Framework knows', () => {
    const names = ['yml', 'yaml', 'json', 'js', 'cjs', 'mjs', 'ts'];
    const files = names.map((extension) => `${extension}/serverless.${extension}`);
    expect(findServices(files)).toEqual([...names].sort());
  });

  it('counts a directory once, however many configurations it has', () => {
    expect(findServices(['a/serverless.yml', 'a/serverless.ts'])).toEqual(['a']);
  });

  it('finds the root and nested services, sorted', () => {
    expect(findServices(['b/serverless.yml', 'serverless.yml', 'b/c/serverless.yml', 'a/x.js'])).toEqual([
      '.',
      'b',
      'b/c',
    ]);
  });

  it.each([
    'node_modules/x/serverless.yml',
    'a/node_modules/x/serverless.yml',
    'a/.serverless/serverless.yml',
    '.git/serverless.yml',
    'a/.venv/lib/site-packages/x/serverless.yml',
    'a/serverless.yml.bak',
    'a/my-serverless.yml',
    'a/serverless.yml/x',
    'a/serverless-compose.yml',
    'a/Serverless.yml',
    'a/serverless.test.ts',
  ])('takes no service from %s', (file) => {
    expect(() => findServices([file])).toThrow(expect.objectContaining({ code: 'NoServiceFound' }));
  });

  it('says what it looked for when there is no service', () => {
    expect(() => findServices(['README.md'])).toThrow(/serverless\.yml \(or \.yaml, \.json/);
  });

  it('keeps to the listed services, however they are written', () => {
    const files = ['a/serverless.yml', 'b/serverless.yml', 'c/d/serverless.ts', 'serverless.js'];
    expect(findServices(files, { services: ['./c/d/', 'a', 'a/'] })).toEqual(['a', 'c/d']);
    expect(findServices(files, { services: ['.'] })).toEqual(['.']);
  });

  it('names key and likely name of a listed service that is none', () => {
    const find = () => findServices(['orders/serverless.yml', 'x'], { services: ['orders', 'order'] });
    expect(find).toThrow(expect.objectContaining({ code: 'ServiceNotFound' }));
    expect(find).toThrow(/^seed\.yml: services\[1\]: "order" has no serverless\.yml .* did you mean "orders"\?$/);
  });

  it.each(['/a', '../a', 'my service'])('refuses %j in the list', (text) => {
    const find = () => findServices(['a/serverless.yml'], { services: [text] });
    expect(find).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }));
    expect(find).toThrow(/^seed\.yml: services\[0\]/);
  });

  it('refuses a directory with white space, unless the list leaves it out', () => {
    const files = ['my service/serverless.yml', 'a/serverless.yml'];
    expect(() => findServices(files)).toThrow(/"my service" has white space/);
    expect(findServices(files, { services: ['a'] })).toEqual(['a']);
  });

  it('refuses a path that is too long for the keys of its bundles, and says by how much', () => {
    const path = `a/${'ü'.repeat(330)}`;
    const find = () => findServices([`${path}/serverless.yml`, 'a/serverless.yml']);
    expect(find).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }));
    expect(find).toThrow(
      /"a\/ü+…" has 662 bytes, 92 more than the 570 that are left.*; move the service nearer to the root/,
    );
    const longest = 'x'.repeat(570);
    const names = { app: 'a'.repeat(32), stage: 's'.repeat(32), template: 't'.repeat(32) };
    expect(findServices([`${longest}/serverless.yml`])).toEqual([longest]);
    const key = bundleKey(names, longest, 'L'.repeat(255), 'f'.repeat(64));
    expect(keyBeside(key, Buffer.alloc(32).toString('base64'))).toHaveLength(1024);
  });

  it('finds nothing in an empty list', () => {
    const find = () => findServices(['a/serverless.yml'], { services: [] });
    expect(find).toThrow(expect.objectContaining({ code: 'NoServiceFound' }));
    expect(find).toThrow(/seed\.yml: services: the list is empty/);
  });
});

describe('finding services of several kinds', () => {
  const both = ['api/serverless.yml', 'api/template.yaml', 'api/x.js'];
  const sam = new Set(['api/template.yaml']);

  it('reads templates wherever there is one, but none that is generated, named or not listed', () => {
    const files = ['a/template.yaml', 'b/template.yml', 'template.json', 'a/.aws-sam/build/template.yaml', 'a/x.yaml'];
    expect(undecidedFiles(files)).toEqual(['a/template.yaml', 'b/template.yml', 'template.json']);
    expect(undecidedFiles(files, { services: ['./b/'] })).toEqual(['b/template.yml']);
    expect(undecidedFiles(files, { kinds: { 'a/': 'sam' } })).toEqual(['b/template.yml', 'template.json']);
  });

  it('takes a template for a service only with the transform of SAM', () => {
    const files = ['api/template.yaml', 'infra/template.yaml', 'web/serverless.yml'];
    expect(findServices(files, {}, sam)).toEqual(['api', 'web']);
    expect(findServices(['web/serverless.yml', 'web/template.yaml'])).toEqual(['web']);
  });

  it('refuses a directory of two kinds, and says what to write', () => {
    const find = () => findServices(both, {}, sam);
    expect(find).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }));
    expect(find).toThrow(/"api" has serverless.yml \(the Serverless Framework\) and template.yaml \(AWS SAM\)/);
    expect(find).toThrow(/"kinds: \{ "api": serverless \}" or "kinds: \{ "api": sam \}"/);
    expect(findServices(both, { kinds: { api: 'sam' } })).toEqual(['api']);
    expect(findServices(both, { services: ['api'], kinds: { './api/': 'serverless' } })).toEqual(['api']);
  });

  it('takes a CDK app for no service, and refuses one beside a template of SAM', () => {
    expect(() => findServices(['app/cdk.json'])).toThrow(expect.objectContaining({ code: 'NoServiceFound' }));
    expect(findServices(['app/cdk.json', 'app/serverless.yml'])).toEqual(['app']);
    const files = ['api/cdk.json', 'api/template.yaml'];
    expect(() => findServices(files, {}, sam)).toThrow(/cdk.json \(the CDK, which Seedbed does not deploy\)/);
    expect(findServices(files, { kinds: { api: 'sam' } })).toEqual(['api']);
  });

  it('looks only at services that are listed', () => {
    expect(findServices([...both, 'web/serverless.yml'], { services: ['web'] }, sam)).toEqual(['web']);
  });

  it('finds a service of SAM whose template has another name, if seed.yml says so', () => {
    expect(findServices(['api/samconfig.toml', 'api/infra/app.yaml'], { kinds: { api: 'sam' } })).toEqual(['api']);
  });

  it('names the entry of seed.yml that fits nothing', () => {
    const missing = () => findServices(['web/serverless.yml'], { kinds: { api: 'sam' } });
    expect(missing).toThrow(expect.objectContaining({ code: 'ServiceNotFound' }));
    expect(missing).toThrow(/^seed\.yml: kinds: "api" is to be sam, but has no template\.yaml/);
    const outside = () => findServices(['web/serverless.yml'], { kinds: { '../api': 'sam' } });
    expect(outside).toThrow(/^seed\.yml: kinds: "\.\.\/api" is not a directory/);
  });

  it.each([
    [['serverless.yml'], [], 'serverless'],
    [['template.yaml'], ['template.yaml'], 'sam'],
    [['template.yaml'], [], undefined],
    [['cdk.json'], [], undefined],
    [['serverless.yml', 'cdk.json', 'serverless.ts'], [], 'serverless'],
  ] as const)('calls a directory with %j and the templates of SAM %j %s', (names, templates, kind) => {
    expect(kindInDirectory('api', { names, samTemplates: new Set(templates) })).toBe(kind);
  });

  it('believes seed.yml whatever lies in a directory', () => {
    const samTemplates = new Set(['template.yaml']);
    expect(
      kindInDirectory('api', { names: ['template.yaml', 'serverless.yml'], samTemplates, named: 'serverless' }),
    ).toBe('serverless');
  });
});
