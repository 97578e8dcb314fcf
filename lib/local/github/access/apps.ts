import { GitHubError } from '../http/answer';
import { same } from '../http/paths';
import { checkJsonWebToken, issuerOf } from './json-web-token';
import type { Permissions } from './permissions';

/** A GitHub App. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly owner: string;
  /** PEM of the key that verifies its tokens. */
  readonly publicKey: string;
  readonly permissions: Permissions;
  /** Webhook events to which it subscribes, besides those that every app receives. */
  readonly events: readonly string[];
}

/** An app that is installed in an account. */
export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly account: string;
  readonly permissions: Permissions;
  /** Full names of the repositories that were chosen; all of the account if undefined. */
  readonly repositories?: readonly string[];
  readonly suspended: boolean;
}

/** The registered apps, and where they are installed. */
export class Apps {
  readonly #apps = new Map<number, App>();
  readonly #installations = new Map<number, Installation>();

  /** Registers an app, or changes it. */
  add(app: App): void {
    this.#apps.set(app.id, app);
  }

  /** Installs an app, or changes its installation: an account has one of each app. @returns the installation's id */
  install({ id, ...installation }: Omit<Installation, 'id'> & { readonly id?: number }): number {
    const known = this.installations(installation.appId).find(({ account }) => same(account, installation.account));
    const chosen = id ?? known?.id ?? 1000 + this.#installations.size + 1;
    this.#installations.set(chosen, { id: chosen, ...installation });
    return chosen;
  }

  /** Removes an app, as its owner or GitHub may: from then on its tokens are refused. */
  remove(appId: number): void {
    this.#apps.delete(appId);
    for (const { id } of this.installations(appId)) this.#installations.delete(id);
  }

  /** Uninstalls an app from an account. */
  uninstall(installationId: number): void {
    this.#installations.delete(installationId);
  }

  app(id: number): App | undefined {
    return this.#apps.get(id);
  }

  installation(id: number): Installation | undefined {
    return this.#installations.get(id);
  }

  installations(appId?: number): readonly Installation[] {
    return [...this.#installations.values()].filter((one) => appId === undefined || one.appId === appId);
  }

  /** @returns the app that signed this JSON web token. @throws GitHubError 401 or 404 */
  identify(token: string, now: number): App {
    const app = this.#apps.get(Number(issuerOf(token)));
    if (!app) throw new GitHubError(404, 'Integration not found');
    checkJsonWebToken(token, app.publicKey, now);
    return app;
  }
}
