import type { App, Installation } from './apps';
import type { Permissions } from './permissions';

/** Somebody with a personal access token. */
export interface UserCaller {
  readonly kind: 'user';
  readonly login: string;
  /** What a fine-grained token may do; a classic one (undefined) may do everything. */
  readonly permissions?: Permissions;
  /** Full names of the repositories that it reaches; all if undefined. */
  readonly repositories?: readonly string[];
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

/** An app that shows a JSON web token, to ask about itself. */
export interface AppCaller {
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
