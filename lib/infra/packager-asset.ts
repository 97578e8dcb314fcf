import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { bundledLocally } from '../constructs/bundled-locally';
import { madeBefore } from './made-before';

const BUILDSPEC = join(__dirname, '../../buildspec');

/** @returns the source of all builds: `buildspec.yml` and `packager.js`. */
export function packagerAsset(scope: Construct, id: string): Asset {
  const made = madeBefore('packager');
  if (made) return new Asset(scope, id, { path: made });
  // Loaded here only: the npm package is without esbuild and the sources of the packager's entry.
  const { bundlePackager } = require('../../buildspec/bundle') as typeof import('../../buildspec/bundle');
  return new Asset(scope, id, { path: BUILDSPEC, ...bundledLocally(bundlePackager) });
}
