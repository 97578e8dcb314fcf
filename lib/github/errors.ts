import { RequestError } from '@octokit/request-error';
import { ReleaseError } from '../core/contracts/errors';
import type { Repository } from '../core/contracts/release';

/** As whom we speak, and of what: for messages. */
export interface Asked {
  /** The repository; undefined for a call about the App itself. */
  readonly repository?: Repository;
  /** "GitHub App 12345" or "the token". */
  readonly as: string;
  /** Name of the secret with the access to GitHub. */
  readonly secret: string;
}

/** @returns whether GitHub answered with one of these statuses. */
export const isStatus = (error: unknown, ...statuses: readonly number[]): error is RequestError =>
  error instanceof RequestError && statuses.includes(error.status);

/**
 * Tells what GitHub's refusals and outages mean for a release. A 404, 409 or 422 is left as it is: only the caller
 * knows what that means.
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function translate(error: unknown, asked: Asked): unknown {
  if (!(error instanceof RequestError)) return error;
  const limited = limitOf(error);
  if (limited) return unavailable(error, limited);
  if (error.status >= 500) {
    const what = error.response ? `answers ${error.status}` : `cannot be reached (${error.message})`;
    return unavailable(error, what);
  }
  const isGone = error.status === 404 && error.message.startsWith('Integration not found');
  if (error.status === 401 || isGone) return denied(error, tokenRefused(asked));
  if (error.status === 403) return denied(error, forbidden(error, asked));
  if (error.status === 451 || error.status === 410) {
    return denied(error, `GitHub has closed ${of(asked)} (${error.message}); see its page on GitHub`);
  }
  return error;
}

const denied = (cause: Error, message: string): ReleaseError =>
  new ReleaseError('SourceAccessDenied', message, { cause });

const unavailable = (cause: unknown, what: string): ReleaseError =>
  new ReleaseError('SourceUnavailable', `GitHub ${what}; it is tried again`, { cause });

const of = ({ repository }: Asked): string => (repository ? `"${repository.name}"` : 'the App');

/** @returns that we have asked too often, and until when; undefined if that is not it */
function limitOf({ status, message, response }: RequestError): string | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const { 'retry-after': retryAfter, 'x-ratelimit-remaining': remaining, ...headers } = response?.headers ?? {};
  if (remaining === '0') {
    const reset = Number(headers['x-ratelimit-reset']) * 1000;
    return `takes no more of our calls before ${new Date(reset).toISOString()}: the hourly limit is used up`;
  }
  if (status === 429 || retryAfter !== undefined || /secondary rate limit|abuse detection/i.test(message)) {
    const wait = retryAfter === undefined ? 'a minute or more' : `${retryAfter} seconds`;
    return `takes no more of our calls for ${wait}: too many came at once`;
  }
  return undefined;
}

function tokenRefused({ as, secret }: Asked): string {
  return as.startsWith('GitHub App')
    ? `GitHub does not accept the key of ${as}: the App or its key was deleted, or they do not belong together; make ` +
        `a new private key in the App's settings and store it, with the App's id, in secret "${secret}"`
    : `GitHub does not accept the token of secret "${secret}": it has expired or was revoked; make a new one and ` +
        'store it there';
}

function forbidden({ message, response }: RequestError, asked: Asked): string {
  const { as, secret } = asked;
  const { 'x-accepted-github-permissions': needed, 'x-github-sso': sso } = response?.headers ?? {};
  if (sso !== undefined) {
    return (
      `the organisation of ${of(asked)} demands single sign-on; authorise the token of secret "${secret}" for it ` +
      '(GitHub, Settings, Developer settings)'
    );
  }
  if (/suspended/i.test(message)) {
    return (
      `the installation of ${as} at ${of(asked)} is suspended; ask its owner to lift that in the settings of ` +
      'installed Apps'
    );
  }
  const what = needed === undefined ? '' : `; it needs ${needed}`;
  const fix = as.startsWith('GitHub App')
    ? "give it in the App's settings, and accept it where the App is installed"
    : `give it to the token of secret "${secret}", or make a new one`;
  return `${as} lacks a permission at ${of(asked)} (${message})${what}: ${fix}`;
}
