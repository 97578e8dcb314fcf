import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileCache, forgetCompiled, KEEP_COMPILED } from '../../../lib/local/processes/compile-cache';

let directory: string;
let kept: string;
let preload: string;
beforeEach(() => {
  // As if all this were installed there.
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'seedbed-test-')));
  kept = join(directory, 'kept');
  for (const name of ['aws-cdk', 'seedbed']) mkdirSync(join(directory, 'node_modules', name), { recursive: true });
  write('aws-cdk/package.json', '{}');
  preload = write('seedbed/keep-compiled.cjs', readFileSync(KEEP_COMPILED, 'utf8'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Long enough to be kept. */
const LONG = `// ${'x'.repeat(4_000)}`;

/** Runs a program in the directory, as an older Node does that keeps nothing by itself. @returns what it printed */
async function run(program: string, env: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: kept }): Promise<string> {
  const args = ['--enable-source-maps', '--require', preload, join(directory, 'node_modules', program)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout;
}

function write(name: string, text: string): string {
  const file = join(directory, 'node_modules', name);
  writeFileSync(file, text);
  return file;
}
/** @returns what is kept, and when each was written */
const files = (): readonly string[] =>
  readdirSync(kept, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ file, stats: statSync(join(kept, file)) }))
    .filter(({ stats }) => stats.isFile())
    .map(({ file, stats }) => `${file} ${stats.mtimeMs}`)
    .sort();

/** What a module can see of how it is run. */
const SEES = `#!/usr/bin/env node
${LONG}
'use strict';
const { basename, sep } = require('node:path');
exports.first = 1;
const seen = {
  arguments: arguments.length,
  this: this === exports && exports === module.exports,
  module: [module.id, module.loaded, require.main === module, module.children.length],
  require: [Object.keys(require).sort(), basename(require.resolve('./other.js')), basename(require('./other.js').name)],
  names: [basename(__filename), __dirname.split(sep).length],
  globals: Object.keys(globalThis).sort(),
};
console.log(JSON.stringify(seen));
`;

describe('code that is kept compiled', () => {
  it('sees what it sees without, the first time and the second', async () => {
    write('main.js', SEES);
    write('other.js', `exports.name = __filename;\n${LONG}\n`);
    const without = await run('main.js', {});
    expect(JSON.parse(without)).toMatchObject({ this: true, arguments: 5 });
    expect(await run('main.js')).toBe(without);
    expect(files()).toHaveLength(2);
    expect(await run('main.js')).toBe(without);
  });

  it('imports ES modules', async () => {
    write('main.js', `${LONG}\nimport('./other.mjs').then(({ name }) => console.log(name))`);
    write('other.mjs', `export const name = 'other';\n${LONG}`);
    for (const _ of ['first', 'second']) expect(await run('main.js')).toBe('other\n');
  });

  it('is not that of a build’s own modules, which are each time elsewhere', async () => {
    write('../main.js', `${LONG}\nconsole.log('hello')`);
    expect(await run('../main.js')).toBe('hello\n');
    expect(existsSync(kept)).toBe(false);
  });

  it('is read when it runs again, and not written anew', async () => {
    write('main.js', `${LONG}\nconsole.log('hello')`);
    await run('main.js');
    const first = files();
    expect(first).toHaveLength(1);
    await run('main.js');
    expect(files()).toEqual(first);
  });

  it('is compiled anew when it is another, or when what was kept is damaged', async () => {
    write('main.js', `${LONG}\nconsole.log('hello')`);
    await run('main.js');
    const [file = ''] = files().map((each) => join(kept, each.split(' ')[0]!));
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    expect(await run('main.js')).toBe('hello\n');
    expect(statSync(file).size).toBeGreaterThan(100);
    write('main.js', `${LONG}\nconsole.log('bye')`);
    expect(await run('main.js')).toBe('bye\n');
    expect(files()).toHaveLength(2);
  });

  it('fails where it fails without, in the lines of its source map too', async () => {
    const mappings = 'AAAA;AAEA'; // the second line is the third of main.ts
    const map = JSON.stringify({ version: 3, sources: ['main.ts'], names: [], mappings });
    const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
    write('mapped.js', `${LONG}\nthrow new Error('no');\n${comment}`);
    write('first-line.js', `throw new Error('no'); ${LONG}`);
    write('wrong.js', `const a = ;\n${LONG}`);
    const failure = (program: string, env?: NodeJS.ProcessEnv) =>
      run(program, env).catch(({ stderr }) => /at .*?([\w-]+\.[jt]s:\d+:\d+)|wrong\.js:\d+/.exec(stderr)?.[0]);
    for (const [program, where] of Object.entries({
      'mapped.js': 'main.ts:3',
      'first-line.js': 'first-line.js:1',
      'wrong.js': 'wrong.js:1',
    })) {
      const without = await failure(program, {});
      expect(without).toContain(where);
      expect(await failure(program)).toBe(without);
      expect(await failure(program)).toBe(without);
    }
  });

  it('is no reason to fail where nothing can be written', async () => {
    write('main.js', `${LONG}\nconsole.log('hello')`);
    write('../kept', 'a file');
    expect(await run('main.js')).toBe('hello\n');
  });

  it('is forgotten after a week', async () => {
    mkdirSync(join(kept, 'v20'), { recursive: true });
    const [old, fresh] = ['old', 'fresh'].map((name) => join(kept, 'v20', name)) as [string, string];
    for (const file of [old, fresh]) writeFileSync(file, '');
    const now = 1_800_000_000_000;
    const day = 24 * 3_600;
    utimesSync(old, now / 1_000, now / 1_000 - 8 * day);
    utimesSync(fresh, now / 1_000, now / 1_000 - 6 * day);
    await forgetCompiled(kept, now);
    expect(readdirSync(join(kept, 'v20'))).toEqual(['fresh']);
    await expect(forgetCompiled(join(directory, 'nothing'), now)).resolves.toBeUndefined();
  });
});

it('the variables make any Node keep what it compiles', async () => {
  const program = require.resolve('osls/bin/serverless.js');
  const env = { PATH: process.env.PATH, ...compileCache(kept) };
  await promisify(execFile)(process.execPath, [program, '--version'], { cwd: directory, env });
  expect(files()).not.toEqual([]);
});
