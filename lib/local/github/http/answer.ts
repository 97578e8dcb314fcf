/** The API's answer to a call. */
export class Answer {
  /** @param body sent as JSON, or as it is if it is a string or a Buffer; undefined for none */
  constructor(
    readonly status: number,
    readonly body?: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** One problem with an input, as the body of GitHub's 422 lists it. */
export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  readonly message?: string;
}

/** An error with which the API answers, in the shape that Octokit understands. */
export class GitHubError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = 'GitHubError';
  }

  /** @returns the answer that reports this error. */
  answer(): Answer {
    const { errors, headers } = this.more;
    const documentation = 'https://docs.github.com/rest';
    const body = { message: this.message, ...(errors ? { errors } : {}), documentation_url: documentation };
    return new Answer(this.status, { ...body, status: String(this.status) }, headers);
  }
}

/**
 * The error of the secondary rate limits.
 * @param retryAfter seconds after which to come back
 */
export const secondaryLimitError = (retryAfter: number) =>
  new GitHubError(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
    headers: { 'retry-after': String(retryAfter) },
  });

/** The error for what does not exist, or what the caller may not know of. */
export const notFound = () => new GitHubError(404, 'Not Found');

/** The error for a wrong input. */
export const validationFailed = (...errors: readonly FieldError[]) =>
  new GitHubError(422, 'Validation Failed', { errors });

/** The error for an input that is wrong in another way, in words of its own. */
export const unprocessable = (resource: string, message: string) =>
  validationFailed({ resource, code: 'custom', message });

export const created = (body: unknown) => new Answer(201, body);
export const noContent = () => new Answer(204);
