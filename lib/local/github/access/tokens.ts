import { randomBytes } from 'node:crypto';
import { GitHubError } from '../http/answer';
import type { Apps } from './apps';
import type { Caller, InstallationCaller, UserCaller } from './caller';
import { isJsonWebToken } from './json-web-token';

const LIFE_MS = 3_600_000;

interface Known {
  readonly caller: UserCaller | InstallationCaller;
  /** In milliseconds since 1970; never if undefined. */
  readonly expires?: number;
}

const badCredentials = () => new GitHubError(401, 'Bad credentials');

/** The tokens that the API accepts. */
export class Tokens {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly apps: Apps,
    private readonly now: () => number,
  ) {}

  /** Registers a personal access token. */
  add(token: string, caller: UserCaller): void {
    this.#known.set(token, { caller, expires: caller.expires });
  }

  revoke(token: string): void {
    this.#known.delete(token);
  }

  /** @returns a new token of an installation, valid for an hour. */
  issue(caller: InstallationCaller): { readonly token: string; readonly expires: Date } {
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    const expires = this.now() + LIFE_MS;
    this.#known.set(token, { caller, expires });
    return { token, expires: new Date(Math.floor(expires / 1000) * 1000) };
  }

  /** @returns whose `Authorization` this is. @throws GitHubError 401 if it is nobody's */
  identify(authorization: string | undefined): Caller {
    if (!authorization) return { kind: 'anonymous' };
    const token = tokenOf(authorization);
    if (isJsonWebToken(token)) return { kind: 'app', app: this.apps.identify(token, this.now() / 1000) };
    const known = this.#known.get(token);
    if (!known || (known.expires ?? Number.POSITIVE_INFINITY) <= this.now()) throw badCredentials();
    return known.caller.kind === 'installation' ? this.#asInstalledNow(known.caller) : known.caller;
  }

  /** @throws GitHubError if the app has been uninstalled or suspended since the token was issued */
  #asInstalledNow({ installation, ...caller }: InstallationCaller): Caller {
    const current = this.apps.installation(installation.id);
    if (!current) throw badCredentials();
    if (current.suspended) throw new GitHubError(403, 'This installation has been suspended');
    return { ...caller, installation: current };
  }
}

/** The API takes `token X` and `Bearer X`; git sends Basic, with the token as password. */
function tokenOf(authorization: string): string {
  const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return password || user;
}
