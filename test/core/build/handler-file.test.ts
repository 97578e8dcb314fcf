import { findHandlerFile } from '../../../lib/core/build/handler-file';

const find = (runtime: string, handler: string, ...paths: readonly string[]) =>
  findHandlerFile({ runtime, handler }, new Set(paths));

describe('findHandlerFile', () => {
  it.each([
    ['nodejs22.x', 'src/hello.handler', 'src/hello.js'],
    ['nodejs22.x', 'src/hello.handler', 'src/hello.mjs'],
    ['nodejs22.x', './src/hello.handler', 'src/hello.cjs'],
    ['nodejs22.x', '/var/task/src/hello.handler', 'src/hello.js'],
    ['nodejs22.x', 'src/hello.api.handler', 'src/hello.js'],
    ['nodejs22.x', 'src/hello.handler', 'src/hello/index.js'],
    ['nodejs22.x', 'hello.handler', 'hello'],
    ['nodejs22.x', 'express.handler', 'node_modules/express/index.js'],
    ['nodejs22.x', 'a/express.handler', 'a/node_modules/express/index.js'],
    ['nodejs22.x', 'linked/hello.handler', 'linked'],
    ['python3.12', 'src/hello.handler', 'src/hello.py'],
    ['python3.12', 'src.hello.handler', 'src/hello.py'],
    ['python3.12', 'app.handler', 'app/__init__.py'],
    ['python3.12', 'hello.handler', 'hello.pyc'],
    ['python3.12', 'hello.handler', 'hello.cpython-312-x86_64-linux-gnu.so'],
    ['ruby3.3', 'src/hello.handler', 'src/hello.rb'],
    ['ruby3.3', 'hello.Api.handler', 'hello.rb'],
    ['provided.al2023', 'anything', 'bootstrap'],
    ['java21', 'com.acme.Hello::handle', 'com/acme/Hello.class'],
    ['dotnet8', 'Acme::Acme.Hello::Handle', 'Acme.dll'],
  ])('finds for %s what "%s" names: %s', (runtime, handler, path) => {
    expect(find(runtime, handler, 'README.md', path)).toEqual({ kind: 'found' });
  });

  it.each([
    ['nodejs22.x', 'src/hello.handler', 'src/hello.ts', ['src/hello.js', 'src/hello.mjs', 'src/hello.cjs']],
    ['nodejs24.x', 'src/hello.handler', 'src/hello.ts', ['src/hello.js', 'src/hello.mjs', 'src/hello.cjs']],
    ['nodejs22.x', 'src/hello.handler', 'src/Hello.js', ['src/hello.js', 'src/hello.mjs', 'src/hello.cjs']],
    ['nodejs22.x', 'hello.handler', 'src/hello.js', ['hello.js', 'hello.mjs', 'hello.cjs']],
    ['nodejs22.x', '/opt/hello.handler', 'hello.js', ['/opt/hello.js', '/opt/hello.mjs', '/opt/hello.cjs']],
    ['python3.12', 'src/hello.handler', 'hello.py', ['src/hello.py', 'src/hello/__init__.py']],
    ['ruby3.3', 'hello.handler', 'hello.py', ['hello.rb']],
    ['provided.al2023', 'main', 'main', ['bootstrap']],
  ])('misses for %s what "%s" names, beside %s', (runtime, handler, path, expected) => {
    expect(find(runtime, handler, path)).toEqual({ kind: 'missing', expected });
  });

  it.each([
    ['nodejs22.x', '../shared/hello.handler', 'no handler of Lambda may have ".."'],
    ['python3.12', '../shared/hello.handler', 'no handler of Lambda may have ".."'],
    ['ruby3.3', 'src/../hello.handler', 'no handler of Lambda may have ".."'],
    ['nodejs22.x', 'src/hello', 'it names no function'],
    ['python3.12', 'hello', 'it names no function'],
    ['ruby3.3', 'hello', 'it names no function'],
    ['python3.12', './hello.handler', 'write the handler without it'],
  ])('says of %s why "%s" is none', (runtime, handler, why) => {
    expect(find(runtime, handler, 'hello.js')).toEqual({ kind: 'malformed', why: expect.stringContaining(why) });
  });
});
