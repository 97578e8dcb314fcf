import { createHash, createHmac } from 'node:crypto';
import { ReleaseError } from '../../core/contracts/errors';

/** Where a repository is cloned from, and who asks. */
export interface GitRemote {
  readonly cloneUrl: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Reads all references of a repository at CodeCommit, whose API has no call for tags: one request of git's own, the
 * first of every clone. It takes the right to pull.
 * @see https://git-scm.com/docs/http-protocol#_smart_clients
 * @returns commits by the full names of references; of an annotated tag the commit that it tags
 * @throws ReleaseError `SourceUnavailable` if CodeCommit does not answer, `SourceAccessDenied` if it refuses
 */
export async function readGitReferences(
  remote: GitRemote,
  send: typeof fetch = fetch,
): Promise<ReadonlyMap<string, string>> {
  const { cloneUrl } = remote;
  let answer: Response;
  try {
    answer = await send(`${cloneUrl}/info/refs?service=git-upload-pack`, {
      headers: { authorization: `Basic ${Buffer.from(signIn(remote)).toString('base64')}` },
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
    });
    if (answer.ok) return parseReferences(await answer.text());
  } catch (error) {
    throw new ReleaseError('SourceUnavailable', `CodeCommit cannot be reached at ${cloneUrl}; it is tried again`, {
      cause: error,
    });
  }
  const message = `CodeCommit answers ${answer.status} to a look at the references of ${cloneUrl}`;
  throw answer.status >= 500
    ? new ReleaseError('SourceUnavailable', `${message}; it is tried again`)
    : new ReleaseError('SourceAccessDenied', `${message}; run "npx cdk deploy --all", which lets the platform pull`);
}

/**
 * User and password of git's requests: the access key, with the session's token behind `%`, and a signature of version
 * 4 over the repository's path.
 * @see https://github.com/aws/git-remote-codecommit AWS's own helper for git, which signs so
 */
function signIn({ cloneUrl, region, credentials, now }: GitRemote): string {
  const { host, pathname } = new URL(cloneUrl);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/codecommit/aws4_request`;
  const request = `GIT\n${pathname}\n\nhost:${host}\n\nhost\n`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = [day, region, 'codecommit', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const user = sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`;
  return `${user}:${time}Z${hmac(key, toSign).toString('hex')}`;
}

const LINE = /^([0-9a-f]{40}) (refs\/[^\0]+)/;
const PEELED = '^{}';

/** Reads an advertisement of references: lines, each behind its length in four hexadecimal digits. */
function parseReferences(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const bytes = Buffer.from(text);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length)) throw new Error('what CodeCommit answers is no list of references');
    const end = at + Math.max(length, 4);
    const [, commit, name] = LINE.exec(bytes.toString('utf8', at + 4, end).trimEnd()) ?? [];
    // The commit of an annotated tag comes behind the tag itself.
    if (commit && name) found.set(name.endsWith(PEELED) ? name.slice(0, -PEELED.length) : name, commit);
    at = end;
  }
  return found;
}
