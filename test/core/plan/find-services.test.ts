import { bundleKey, keyBeside } from '../../../lib/core/contracts/keys';
import { findServices } from '../../../lib/core/plan/find-services';

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
    expect(findServices(files, ['./c/d/', 'a', 'a/'])).toEqual(['a', 'c/d']);
    expect(findServices(files, ['.'])).toEqual(['.']);
  });

  it('names key and likely name of a listed service that is none', () => {
    const find = () => findServices(['orders/serverless.yml', 'x'], ['orders', 'order']);
    expect(find).toThrow(expect.objectContaining({ code: 'ServiceNotFound' }));
    expect(find).toThrow(/^seed\.yml: services\[1\]: "order" has no serverless\.yml .* did you mean "orders"\?$/);
  });

  it.each(['/a', '../a', 'my service'])('refuses %j in the list', (text) => {
    const find = () => findServices(['a/serverless.yml'], [text]);
    expect(find).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }));
    expect(find).toThrow(/^seed\.yml: services\[0\]/);
  });

  it('refuses a directory with white space, unless the list leaves it out', () => {
    const files = ['my service/serverless.yml', 'a/serverless.yml'];
    expect(() => findServices(files)).toThrow(/"my service" has white space/);
    expect(findServices(files, ['a'])).toEqual(['a']);
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
    const find = () => findServices(['a/serverless.yml'], []);
    expect(find).toThrow(expect.objectContaining({ code: 'NoServiceFound' }));
    expect(find).toThrow(/seed\.yml: services: the list is empty/);
  });
});
