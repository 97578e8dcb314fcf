import { dirname, extname, join, resolve } from 'node:path';

/** Whether this runs from its TypeScript sources, in a checkout of Seedbed. Otherwise it runs from the npm package. */
export const IN_CHECKOUT = extname(__filename) === '.ts';
/** The checkout that this file belongs to. The npm package has none. */
export const CHECKOUT = resolve(__dirname, '../../..');
/**
 * The directory whose CDK app is deployed and whose programs builds find: the checkout, or with the npm package the
 * directory of the team's project, in which the command was called.
 */
export const PROJECT = IN_CHECKOUT ? CHECKOUT : process.cwd();
/** Where the local cloud keeps what outlives a process. */
export const SEEDBED_DIR = join(PROJECT, '.seedbed');
/** The local cloud's Python environment. */
export const VENV = join(SEEDBED_DIR, 'venv');
/** What Node programs of the local cloud have compiled. */
export const COMPILED = join(SEEDBED_DIR, 'compiled');

/** @returns the directory `node_modules` that the AWS SDK of this installation is in; npm puts it where it likes. */
export const sdkModules = (): string =>
  resolve(dirname(require.resolve('@aws-sdk/client-lambda/package.json')), '../..');
