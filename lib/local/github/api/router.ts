import { decodePart } from '../../calls/request-url';
import type { Needs } from '../access/permissions';
import type { Call, RepositoryCall, RepositoryRoute, Respond, Route } from './call';

/** The route of a call. */
export interface Match {
  /** As documented, for counting: `GET /repos/{owner}/{repo}/branches/{branch}`. */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly needs: Needs;
  readonly by: 'app' | undefined;
  readonly respond:
    | { readonly of: 'repository'; readonly with: Respond<RepositoryCall> }
    | { readonly of: 'other'; readonly with: Respond<Call> };
  /** For a repository's routes: what follows the repository in the path. */
  readonly rest: string;
}

interface Compiled extends Omit<Match, 'params' | 'rest'> {
  readonly method: string;
  readonly pattern: RegExp;
}

const REPOSITORY = '/repos/{owner}/{repo}';
/** A repository's address by its id, to which calls by a former name are redirected. */
const BY_ID = '/repositories/{repository_id}';

/** Finds the route of a call: the first that matches. */
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

  /** @param path as it was sent, still encoded, since names may contain slashes */
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

/** `{name}` matches one part of a path, `{name+}` one or more, `{name*}` any number. */
const toPattern = (path: string): string =>
  path
    .replaceAll('.', '\\.')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    .replace(/\{(\w+)\+\}/g, '(?<$1>.+?)')
    .replace(/\/\{(\w+)\*\}/g, '(?:/(?<$1>.*?))?');
