import type * as z from 'zod';
import type { Caller } from '../access/caller';
import type { Needs } from '../access/permissions';
import { type FieldError, GitHubError, validationFailed } from '../http/answer';
import type { Repository } from '../repositories/repositories';

/** One call of the API. */
export interface Call {
  readonly caller: Caller;
  /** Parts of the path by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON that was sent; undefined if there was none. */
  readonly body: unknown;
  /** The media type that the caller asks for. */
  readonly accept: string;
  /** The call's URL, for links to other pages. */
  readonly url: URL;
}

/** A call about a repository that the caller may see. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** Answers calls of one route, with an `Answer` or with the body of a 200. */
export type Respond<C extends Call> = (call: C) => unknown;

/** One documented operation. */
export interface Route<C extends Call = Call> {
  /**
   * Method and path as documented, such as `GET /branches/{branch}`; a repository's are relative to
   * `/repos/{owner}/{repo}`. `{name+}` may contain slashes.
   */
  readonly route: string;
  /** Which rights a token needs; none if undefined. */
  readonly needs?: Needs;
  /** Only for an app with its JSON web token. */
  readonly by?: 'app';
  readonly respond: Respond<C>;
}

export type RepositoryRoute = Route<RepositoryCall>;

/** @returns the part of the path with this name. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no part ${name}`);
  return value;
}

/** @returns a part of the path as a number; NaN, which is nobody's id, if it is not a number. */
export const id = (call: Call, name: string): number => Number(param(call, name));

/**
 * @param resource GitHub's name for what is created or changed
 * @returns the validated body
 * @throws GitHubError 422
 */
export function input<S extends z.ZodType>(call: Call, resource: string, schema: S): z.output<S> {
  const body = call.body ?? {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new GitHubError(400, 'Body should be a JSON object');
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw validationFailed(
    ...parsed.error.issues.map((issue): FieldError => {
      const missing = issue.code === 'invalid_type' && valueAt(body, issue.path) === undefined;
      return {
        resource,
        field: issue.path.join('.'),
        code: missing ? 'missing_field' : issue.code === 'custom' ? 'custom' : 'invalid',
        ...(missing ? {} : { message: issue.message }),
      };
    }),
  );
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
