import type { ReleaseId } from '../contracts/release';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;

/**
 * Makes a release id, a ULID (https://github.com/ulid/spec): 48 bits of time, then 80 random ones.
 * @param now epoch milliseconds
 * @param random ten random bytes
 * @param after the newest id of the stage so far. Ids are fencing tokens, so the new one is greater even if this
 *   clock is behind the one that made `after`, or the millisecond is the same.
 */
export function nextReleaseId(now: number, random: Uint8Array, after?: ReleaseId): ReleaseId {
  const id = encode((BigInt(now) << 80n) | random.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n));
  return after === undefined || id > after ? id : encode(decode(after) + 1n);
}

const encode = (value: bigint): ReleaseId =>
  Array.from(
    { length: LENGTH },
    (_, place) => ALPHABET[Number((value >> BigInt(5 * (LENGTH - 1 - place))) & 31n)],
  ).join('');

const decode = (id: ReleaseId): bigint =>
  [...id].reduce((value, letter) => (value << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
