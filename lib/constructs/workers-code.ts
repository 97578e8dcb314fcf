import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { bundledLocally } from './bundled-locally';

const LAMBDAS = join(__dirname, '../../lambdas');
const HANDLER = '.handler.ts';

/** @returns the name of a worker's module within the bundle, from its handler's file. */
export const moduleOf = (handler: string): string => basename(handler, HANDLER);

/**
 * The code of all workers, the SDK too, so that what is tested is what runs. One run of esbuild and one upload serve
 * them all: what they share is in chunks of its own, and a worker loads only those it needs. The CDK bundles it once for
 * all workers of an app.
 * @returns code with `<module>.mjs` for each worker
 */
export const workersCode = (): AssetCode => Code.fromAsset(LAMBDAS, bundledLocally(bundleWorkers));

function bundleWorkers(outdir: string): void {
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
}
