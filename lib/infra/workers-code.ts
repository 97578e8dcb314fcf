import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const LAMBDAS = join(__dirname, '../../lambdas');
const HANDLER = '.handler.ts';

/** @returns the name of a worker's module within the bundle, from its handler's file. */
export const moduleOf = (handler: string): string => basename(handler, HANDLER);

let bundled: string | undefined;

/** @returns the directory with the code of all workers; it is made once per process. */
export function workersDirectory(): string {
  bundled ??= bundleWorkers();
  return bundled;
}

/**
 * Bundles the code of all workers, the SDK too, so that what is tested is what runs. One run of esbuild and one upload
 * serve them all: what they share is in chunks of its own, and a worker loads only those it needs.
 * @returns the directory to upload, with `<module>.mjs` for each worker
 */
function bundleWorkers(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'seedbed-workers-'));
  const handlers = readdirSync(LAMBDAS, { withFileTypes: true })
    .filter((step) => step.isDirectory())
    .flatMap(({ name }) => readdirSync(join(LAMBDAS, name)).map((file) => join(LAMBDAS, name, file)))
    .filter((file) => file.endsWith(HANDLER));
  buildSync({
    entryPoints: Object.fromEntries(handlers.map((file) => [moduleOf(file), file])),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    // What was written for CommonJS still asks for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    mainFields: ['module', 'main'],
    minify: true,
    // Step Functions matches errors by the names of their classes.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  return outdir;
}
