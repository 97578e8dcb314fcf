import { join, resolve } from 'node:path';

/** The checkout to which this file belongs. */
export const CHECKOUT = resolve(__dirname, '../../..');
/** Where the local cloud keeps what outlives a process, such as its Python environment. */
export const SEEDBED_DIR = join(CHECKOUT, '.seedbed');
/** The local cloud's Python environment. */
export const VENV = join(SEEDBED_DIR, 'venv');
