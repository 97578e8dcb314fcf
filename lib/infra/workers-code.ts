import { join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { WORKER_GROUPS } from '../../lambdas/workers';
import { bundledLocally } from '../constructs/bundled-locally';
import { kebabName } from '../core/contracts/worker-declaration';

const LAMBDAS = join(__dirname, '../../lambdas');

/**
 * The code of all workers, the SDK too, so that what is tested is what runs. One run of esbuild and one upload serve
 * them all: what they share is in chunks of its own, and a worker loads only those it needs.
 * @returns code with `<module>.mjs` for each worker that is declared
 */
export const workersCode = (): AssetCode => Code.fromAsset(LAMBDAS, bundledLocally(bundleWorkers));

/** Bundles the workers into a directory. */
function bundleWorkers(outdir: string): void {
  const modules = WORKER_GROUPS.flatMap(({ step, workers }) =>
    Object.keys(workers).map((key) => [kebabName(key), join(LAMBDAS, step, `${kebabName(key)}.handler.ts`)] as const),
  );
  buildSync({
    entryPoints: Object.fromEntries(modules),
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
