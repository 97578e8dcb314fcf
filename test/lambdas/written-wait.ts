import { WAITS, Wait } from '../../lib/core/contracts/wait';
import type { Json } from '../../lib/core/text/canonical-json';

/** @returns the release and the wait of an item, as the state machine writes it to DynamoDB */
export function writtenWait(item: Json): { readonly releaseId: string; readonly wait: Wait } {
  const { pk, sk, token, subject, expiresAt } = item as Readonly<Record<string, { S: string; N: string }>>;
  if (!/^\d+$/.test(expiresAt!.N)) throw new Error(`${expiresAt!.N} is no time of DynamoDB's`);
  const wait = {
    service: sk!.S.slice('SERVICE#'.length),
    token: token!.S,
    subject: JSON.parse(subject!.S),
  };
  return { releaseId: pk!.S.slice(WAITS.length), wait: Wait.parse(wait) };
}
