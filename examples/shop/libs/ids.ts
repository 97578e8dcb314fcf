import { randomBytes } from 'node:crypto';

/** Letters and digits that nobody mixes up when reading them out on the telephone. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A new id such as `ORD-7K2M9QXA`. */
export const newId = (prefix: string): string =>
  `${prefix}-${Array.from(randomBytes(8), (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
