import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../lib/local/emulator/checkout';
import { machineEnvironment } from '../lib/local/processes/environments';
import { frameworkPreload } from '../lib/packager/kinds/serverless/framework-preload';
import { aService } from '../test/e2e/a-service';
import { median } from './figures';
import type { Table } from './markdown-table';

const run = promisify(execFile);
const RUNS = 9;
const FUNCTIONS = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, 'version 0']));

const BUNDLED = `service: bundled
provider: { name: aws, runtime: nodejs22.x }
plugins: [./bundle.js]
package: { patterns: ['!**', '.build/**'] }
functions: { hello: { handler: .build/hello.handler } }
`;
const BUNDLE = `const { build } = require('${join(CHECKOUT, 'node_modules', 'esbuild')}');
const options = { entryPoints: ['hello.js'], bundle: true, platform: 'node', outfile: '.build/hello.js' };
module.exports = class {
  hooks = { 'before:package:createDeploymentArtifacts': () => build(options) };
};
`;

/** Files by path, of a service `service`; `modules` are copied beside it. */
const CASES: Readonly<
  Record<string, { readonly files: Readonly<Record<string, string | null>>; readonly modules?: string }>
> = {
  '60 functions of one line': { files: aService({ path: 'service', name: 'many', functions: FUNCTIONS }) },
  'one function with zod as it is': {
    files: {
      'service/serverless.yml':
        'service: heavy\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions: { hello: { handler: hello.handler } }\n',
      'service/hello.js': "exports.handler = async () => require('zod');\n",
    },
    modules: 'zod',
  },
  'one function that esbuild bundles': {
    files: {
      'service/serverless.yml': BUNDLED,
      'service/bundle.js': BUNDLE,
      'service/hello.js': `exports.handler = async () => require('${join(CHECKOUT, 'node_modules', 'zod')}');\n`,
    },
  },
};

/** What the framework's process takes with the preload, which notes what it reads, and without: in turn. */
export async function benchFileRecord(): Promise<readonly Table[]> {
  const directory = await mkdtemp(join(tmpdir(), 'seedbed-bench-'));
  try {
    const rows: (readonly string[])[] = [];
    for (const [name, { files, modules }] of Object.entries(CASES)) {
      const root = join(directory, `repository-${rows.length}`);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text!);
      }
      if (modules) {
        await cp(join(CHECKOUT, 'node_modules', modules), join(root, 'service', 'node_modules', modules), {
          recursive: true,
        });
      }
      rows.push([name, ...(await compared(root, join(directory, 'scratch')))]);
    }
    return [
      {
        title: 'Packaging: the record of files',
        columns: ['service', 'without', 'noted', 'ratio (target: 1.05 ×)', 'watched, for `changes: files`', 'ratio'],
        rows,
        notes: [
          `Processor time of the framework’s process and its children, median of ${RUNS} runs in turn after one that fills caches; the ratio is ` +
            'the median of the turns’. A build does more besides, so of a whole build it is less.',
        ],
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compared(root: string, scratch: string): Promise<readonly string[]> {
  await mkdir(scratch, { recursive: true });
  const preload = async (name: string, watch: boolean) => {
    const file = join(scratch, name, 'preload.cjs');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, frameworkPreload(root, watch));
    return ['--require', file];
  };
  const ways = [[], await preload('noted', false), await preload('watched', true)];
  const took: number[][] = ways.map(() => []);
  for (let count = 0; count <= RUNS; count += 1) {
    for (const [index, options] of ways.entries()) {
      const seconds = await packaged(join(root, 'service'), scratch, options);
      if (count > 0) took[index]!.push(seconds);
    }
  }
  const [without = [], ...others] = took;
  const seconds = (values: readonly number[]) => `${median(values).toFixed(2)} s`;
  const ratio = (values: readonly number[]) => `${median(values.map((one, at) => one / without[at]!)).toFixed(2)} ×`;
  return [seconds(without), ...others.flatMap((values) => [seconds(values), ratio(values)])];
}

/** @returns seconds of processor time */
async function packaged(cwd: string, scratch: string, options: readonly string[]): Promise<number> {
  const log = join(scratch, 'took');
  const program = join(CHECKOUT, 'node_modules', '.bin', 'osls');
  const words = [process.execPath, ...options, program, 'package', '--stage', 'dev', '--package', join(scratch, 'out')];
  const script = `TIMEFORMAT='%U %S'; { time "$@" >/dev/null 2>&1; } 2>"$LOG"`;
  const env = {
    ...machineEnvironment(),
    LOG: log,
    CI: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    AWS_REGION: 'eu-central-1',
  };
  await run('bash', ['-c', script, 'bash', ...words], { cwd, env });
  const [user = 0, system = 0] = (await readFile(log, 'utf8')).trim().split(' ').map(Number);
  return user + system;
}
