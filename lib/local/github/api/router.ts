import { decodePart } from '../../calls/request-url';
import type { Needs } from '../access/permissions';
import type { Call, RepositoryCall, RepositoryRoute, Respond, Route } from './call';

/** A route that a call was found to be of. */
export interface Match {
  /** As documented, for counting: `GET /repos/{owner}/{repo}/branches/{branch}`. */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly needs: Needs;
  readonly by: 'app' | undefined;
  readonly respond:
    | { readonly of: 'repository'; readonly with: Respond<RepositoryCall> }
    | { readonly of: 'other'; readonly with: Respond<Call> };
  /** Of a repository's: what follows the repository in the path. */
  readonly rest: string;
}

interface Compiled extends Omit<Match, 'params' | 'rest'> {
  readonly method: string;
  readonly pattern: RegExp;
}

const REPOSITORY = '/repos/{owner}/{repo}';
/** Where a repository is by its id, to which calls by an old name are redirected. */
const BY_ID = '/repositories/{repository_id}';

/** Finds the operation that a call is of. The first that fits counts. */
export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[], repositoryRoutes: readonly RepositoryRoute[]) {
    this.#routes = [
      ...routes.map((route) => compile(route, '', '', { of: 'other', with: route.respond })),
      ...[REPOSITORY, BY_ID].flatMap((prefix) =>
        repositoryRoutes.map((route) => compile(route, REPOSITORY, prefix, { of: 'repository', with: route.respond })),
      ),
    ];
  }

  /** @param path as it was sent, encoded: names may contain slashes */
  match(method: string, path: string): Match | undefined {
    for (const route of this.#routes) {
      const groups = route.method === method ? route.pattern.exec(path)?.groups : undefined;
      if (!groups) continue;
      const { rest = '', ...encoded } = groups;
      const params = Object.fromEntries(Object.entries(encoded).map(([key, value]) => [key, decodePart(value ?? '')]));
      return { ...route, params, rest };
    }
    return undefined;
  }
}

function compile(
  { route, needs = [], by }: Pick<Route, 'route' | 'needs' | 'by'>,
  documented: string,
  prefix: string,
  respond: Match['respond'],
): Compiled {
  const [method = '', path = ''] = route.split(' ');
  const pattern = new RegExp(`^${toPattern(prefix)}(?<rest>${toPattern(path)})/?$`);
  return { method, pattern, needs, by, respond, name: `${method} ${documented}${path.replace(/[+*]\}/g, '}')}` };
}

/** `{name}` is one part of a path, `{name+}` one or more, `{name*}` any number. */
const toPattern = (path: string): string =>
  path
    .replaceAll('.', '\\.')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    .replace(/\{(\w+)\+\}/g, '(?<$1>.+?)')
    .replace(/\/\{(\w+)\*\}/g, '(?:/(?<$1>.*?))?');
