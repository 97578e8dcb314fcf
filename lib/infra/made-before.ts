import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The directory of the npm package, which has bundles and no sources. */
const PACKAGE = join(__dirname, '../..');

/**
 * Bundling takes seconds of a processor. The npm package brings its bundles; who synthesises often, as our tests do,
 * makes them once and names their directory in `SEEDBED_BUNDLES`.
 * @returns the directory of a bundle that was made before
 */
export const madeBefore = (name: 'workers' | 'packager'): string | undefined =>
  [process.env.SEEDBED_BUNDLES ?? PACKAGE, PACKAGE]
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
