import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { WORKER_GROUPS } from '../../lambdas/workers';
import { kebabName } from '../core/contracts/worker-declaration';

/** Where the handlers are. */
const LAMBDAS = join(__dirname, '../../lambdas');

/**
 * Bundles the workers into a directory, from their sources. The same sources give the same bytes, wherever it is.
 * @param directory gets `<module>.mjs` for each declared worker, and the chunks that they share; made if missing
 */
export function bundleWorkers(directory: string): void {
  const modules = WORKER_GROUPS.flatMap(({ step, workers }) =>
    Object.keys(workers).map((key) => [kebabName(key), join(LAMBDAS, step, `${kebabName(key)}.handler.ts`)] as const),
  );
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(modules),
    // Source maps name the sources by their way from here; so it is not the directory.
    outdir: join(LAMBDAS, '../dist/workers'),
    write: false,
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
  mkdirSync(directory, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(directory, basename(path)), contents);
}
