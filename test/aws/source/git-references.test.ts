import { createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { readGitReferences } from '../../../lib/aws/source/git-references';

const [A, B, T] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'to%/ken=' };
const cloneUrl = 'https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/shop';
const remote = { cloneUrl, region: 'eu-central-1', credentials, now: Date.parse('2026-01-02T03:04:05.678Z') };

const line = (text: string) => (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
/** What git-upload-pack says first: https://git-scm.com/docs/http-protocol */
const ADVERTISED = [
  line('# service=git-upload-pack\n'),
  '0000',
  line(`${A} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2\n`),
  line(`${A} refs/heads/main\n`),
  line(`${A} refs/tags/größe\n`),
  line(`${T} refs/tags/v1\n`),
  line(`${B} refs/tags/v1^{}\n`),
  '0000',
].join('');

function answering(answer: () => Response) {
  const asked: { readonly url: string; readonly authorization: string }[] = [];
  const send: typeof fetch = async (url, init) => {
    asked.push({ url: String(url), authorization: new Headers(init?.headers).get('authorization')! });
    return answer();
  };
  return { send, asked };
}

describe('the references of a repository at CodeCommit', () => {
  it('are commits, of annotated tags those that they tag', async () => {
    const { send, asked } = answering(() => new Response(ADVERTISED));
    expect(await readGitReferences(remote, send)).toEqual(
      new Map([
        ['refs/heads/main', A],
        ['refs/tags/größe', A],
        ['refs/tags/v1', B],
      ]),
    );
    expect(asked.map(({ url }) => url)).toEqual([`${cloneUrl}/info/refs?service=git-upload-pack`]);
  });

  it('of an empty repository are none', async () => {
    const empty = `${line('# service=git-upload-pack\n')}0000${line(`${'0'.repeat(40)} capabilities^{}\0agent=git/2\n`)}0000`;
    expect(await readGitReferences(remote, answering(() => new Response(empty)).send)).toEqual(new Map());
  });

  it('are asked for as AWS’s own signer would sign it', async () => {
    const { send, asked } = answering(() => new Response(ADVERTISED));
    await readGitReferences(remote, send);
    const [, user, , time, signature] =
      /^(.*?)%(.*):(\w+Z)([0-9a-f]{64})$/s.exec(Buffer.from(asked[0]!.authorization.slice(6), 'base64').toString())! ??
      [];
    expect([user, time]).toEqual(['AKIDEXAMPLE', '20260102T030405Z']);
    // The token stays out: git's requests are signed without headers but the host.
    const signer = new SignatureV4({
      credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey },
      region: 'eu-central-1',
      service: 'codecommit',
      sha256: HmacSha256,
      applyChecksum: false,
    });
    const wanted = await signer.sign(
      `AWS4-HMAC-SHA256\n20260102T030405\n20260102/eu-central-1/codecommit/aws4_request\n${await canonicalHash()}`,
      { signingDate: new Date(remote.now) },
    );
    expect(signature).toBe(wanted);
  });

  it.each([
    [503, 'SourceUnavailable'],
    [403, 'SourceAccessDenied'],
  ])('cannot be read if CodeCommit answers %s: %s', async (status, code) => {
    await expect(readGitReferences(remote, answering(() => new Response('', { status })).send)).rejects.toMatchObject({
      code,
    });
  });

  it('cannot be read if it cannot be reached, or answers something else', async () => {
    const down = answering(() => {
      throw new TypeError('fetch failed');
    });
    const page = answering(() => new Response('<html>'));
    for (const { send } of [down, page]) {
      await expect(readGitReferences(remote, send)).rejects.toMatchObject({ code: 'SourceUnavailable' });
    }
  });
});

/** SHA-256 as the signer wants it. */
class HmacSha256 {
  readonly #hmac;
  constructor(key: unknown) {
    this.#hmac = createHmac('sha256', key as string);
  }
  update(bytes: unknown): void {
    this.#hmac.update(bytes as Uint8Array);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hmac.digest();
  }
  reset(): void {}
}

async function canonicalHash(): Promise<string> {
  const canonical = 'GIT\n/v1/repos/shop\n\nhost:git-codecommit.eu-central-1.amazonaws.com\n\nhost\n';
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(canonical))).toString('hex');
}
