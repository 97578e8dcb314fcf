import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { aRelease } from '../../builders';

const RELEASE = /^(?<name>\w)(→(?<to>\w)(\/(?<service>\w+))?)?(:(?<status>\w+))?$/;

/**
 * @param text releases, oldest first: `A B:failed R→A S→A/orders:running`. Names that are not in order get ids that
 *   are.
 * @returns their records, newest first
 */
export function aHistory(text: string): ReleaseRecord[] {
  const words = text.split(' ').filter(Boolean);
  return words
    .map((word, index): ReleaseRecord => {
      const { name, to, service, status = 'succeeded' } = RELEASE.exec(word)!.groups!;
      const rollback = to === undefined ? undefined : { to: idIn(words, to), ...(service && { service }) };
      return {
        release: aRelease({ id: idIn(words, name!), commit: String(index).repeat(40).slice(0, 40), rollback }),
        status: status as ReleaseRecord['status'],
        finishedAt: `2026-01-02T0${index % 10}:04:05.678Z`,
      };
    })
    .reverse();
}

/** Ids grow from one release to the next and end in the name. */
function idIn(words: readonly string[], name: string): string {
  const index = words.findIndex((word) => word.startsWith(name));
  return `01HZZZZZZZZZZZZZZZZZZZZZ${'0123456789ABCDEF'[index]}${name}`;
}
