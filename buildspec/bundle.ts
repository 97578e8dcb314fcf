import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Makes the directory that is a build's source: the buildspec and the packager as one file. The same sources give the
 * same bytes.
 *
 * @param directory where to write `buildspec.yml`, `packager.js`, and what the packager installs frameworks from; made
 *   if missing
 */
export function bundlePackager(directory: string): void {
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(__dirname, 'buildspec.yml'), join(directory, 'buildspec.yml'));
  cpSync(join(__dirname, '../lib/packager/kinds/serverless/frameworks'), join(directory, 'frameworks'), {
    recursive: true,
  });
  cpSync(join(__dirname, '../lib/packager/kinds/sam/translator'), join(directory, 'translator'), { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, 'packager.ts')],
    outfile: join(directory, 'packager.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The ESM builds of the AWS clients: esbuild can drop unused code only from those.
    mainFields: ['module', 'main'],
    // Comments would contain paths of the machine that bundles.
    legalComments: 'none',
    absWorkingDir: join(__dirname, '..'),
    // Quicker to start; names stay, so that a stack trace can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    logLevel: 'warning',
  });
}
