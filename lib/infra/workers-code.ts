import { join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundledLocally } from '../constructs/bundled-locally';
import { madeBefore } from './made-before';

/**
 * The code of all workers, the SDK too, so that what is tested is what runs. One run of esbuild and one upload serve
 * them all: what they share is in chunks of its own, and a worker loads only those it needs.
 * @returns code with `<module>.mjs` for each worker that is declared
 */
export function workersCode(): AssetCode {
  const made = madeBefore('workers');
  if (made) return Code.fromAsset(made);
  // Loaded here only: the npm package is without esbuild and the sources of the workers.
  const { bundleWorkers } = require('./bundle-workers') as typeof import('./bundle-workers');
  return Code.fromAsset(join(__dirname, '../../lambdas'), bundledLocally(bundleWorkers));
}
