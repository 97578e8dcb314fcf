import type { App, Installation } from './apps';
import type { Permissions } from './permissions';

/** Somebody with a personal access token. */
export interface UserCaller {
  readonly kind: 'user';
  readonly login: string;
  /** What a fine-grained token may do; a classic one (undefined) may do everything. */
  readonly permissions?: Permissions;
  /** Full names of the repositories that the token reaches; all if undefined. */
  readonly repositories?: readonly string[];
  /** When the token expires, in milliseconds since 1970; never if undefined. */
  readonly expires?: number;
}

/** A token of an app's installation. */
export interface InstallationCaller {
  readonly kind: 'installation';
  readonly app: App;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Ids of the repositories that the token reaches; all of the installation if undefined. */
  readonly repositoryIds?: readonly number[];
}

/** An app that asks about itself, with a JSON web token. */
interface AppCaller {
  readonly kind: 'app';
  readonly app: App;
}

/** Who calls the API. */
export type Caller = UserCaller | InstallationCaller | AppCaller | { readonly kind: 'anonymous' };

/** @returns the login under which a caller acts. */
export function loginOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.login;
  if (caller.kind === 'anonymous') return 'ghost';
  return `${caller.app.slug}[bot]`;
}

/** @returns what names a caller whose requests are counted. */
export function keyOf(caller: Caller): string {
  if (caller.kind === 'user') return `user ${caller.login}`;
  if (caller.kind === 'installation') return `installation ${caller.installation.id}`;
  return caller.kind === 'app' ? `app ${caller.app.id}` : 'anonymous';
}

/** @returns the headers that say what a personal token may do, and until when. */
export function tokenHeaders(caller: Caller): Readonly<Record<string, string>> {
  if (caller.kind !== 'user') return {};
  const until = caller.expires && new Date(caller.expires).toISOString();
  return {
    ...(caller.permissions ? {} : { 'x-oauth-scopes': 'admin:repo_hook, repo' }),
    ...(until ? { 'github-authentication-token-expiration': `${until.slice(0, 19).replace('T', ' ')} UTC` } : {}),
  };
}
