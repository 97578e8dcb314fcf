import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { bundledLocally } from '../constructs/bundled-locally';

/** The bundled packager of the npm package; a checkout has none and bundles its sources. */
const BUNDLED = join(__dirname, '../../packager');
const BUILDSPEC = join(__dirname, '../../buildspec');

/** @returns the source of all builds: `buildspec.yml` and `packager.js`. */
export function packagerAsset(scope: Construct, id: string): Asset {
  if (existsSync(BUNDLED)) return new Asset(scope, id, { path: BUNDLED });
  // Loaded here only: the npm package is without esbuild and the sources of the packager's entry.
  const { bundlePackager } = require('../../buildspec/bundle') as typeof import('../../buildspec/bundle');
  return new Asset(scope, id, { path: BUILDSPEC, ...bundledLocally(bundlePackager) });
}
