import { join } from 'node:path';
import { buildSync } from 'esbuild';

export const ROOT = join(__dirname, '../..');
/** What is called from outside: the command line, the public constructs, the process of a local cloud. */
const ENTRIES = ['bin/cli.ts', 'lib/index.ts', 'lib/local/serve.ts'];
/** What only a checkout has: it makes or plays what the npm package is without. */
const CHECKOUT_ONLY = ['lib/infra/bundle-workers.ts', 'buildspec/bundle.ts', 'lib/cli/commands/local/local-demo.ts'];
const isOfNode = (name: string): boolean => name.startsWith('node:');

/** The code of the npm package. */
export interface Modules {
  /** Paths of the sources that the entries need, from the root, sorted. */
  readonly sources: readonly string[];
  /** Names of the npm packages that these need, sorted. */
  readonly packages: readonly string[];
}

/** @returns what the npm package has to hold and to depend on, as the imports tell. */
export function modules(): Modules {
  const { metafile } = buildSync({
    entryPoints: ENTRIES,
    absWorkingDir: ROOT,
    bundle: true,
    packages: 'external',
    external: CHECKOUT_ONLY.map((file) => join(ROOT, file)),
    platform: 'node',
    format: 'cjs',
    outdir: 'dist',
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const names = imports
    .filter(({ external, path }) => external && !isOfNode(path) && !path.startsWith('.') && !path.startsWith('/'))
    .map(({ path }) => packageOf(path));
  return { sources: Object.keys(metafile.inputs).sort(), packages: [...new Set(names)].sort() };
}

/** @returns the package that a module is of: `aws-cdk-lib` of `aws-cdk-lib/aws-s3`. */
const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
