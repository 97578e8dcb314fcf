import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePackager } from '../buildspec/bundle';
import { bundleWorkers } from '../lib/infra/bundle-workers';

/** Bundles workers and packager for all tests of this run, which would else do so some sixty times. */
export function keepBundles(): void {
  // Of several projects of jest the first has done it.
  if (process.env.SEEDBED_BUNDLES) return;
  const directory = mkdtempSync(join(tmpdir(), 'seedbed-bundles-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  bundleWorkers(join(directory, 'workers'));
  bundlePackager(join(directory, 'packager'));
  process.env.SEEDBED_BUNDLES = directory;
}
