/** A user, an organization or an app's bot. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
}

/** All accounts. Nobody has to create one: an account exists once its login is mentioned. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();

  /** @returns the account; logins are case-insensitive. */
  get(login: string, type: Account['type'] = login.endsWith('[bot]') ? 'Bot' : 'User'): Account {
    const key = login.toLowerCase();
    const account = this.#accounts.get(key) ?? { id: this.#accounts.size + 1, login, type };
    this.#accounts.set(key, account);
    return account;
  }

  /** @returns an account as the API and the webhooks show it. */
  json(login: string) {
    const account = this.get(login);
    return {
      login: account.login,
      id: account.id,
      node_id: nodeId('User', account.id),
      url: `https://api.github.com/users/${account.login}`,
      html_url: `https://github.com/${account.login}`,
      type: account.type,
      site_admin: false,
    };
  }
}

/** @returns an id for GraphQL: opaque, but the same for the same thing. */
export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString('base64');
