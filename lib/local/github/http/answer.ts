/** What the API answers to a call. */
export class Answer {
  /** @param body sent as JSON; a string or a Buffer as it is; undefined for none */
  constructor(
    readonly status: number,
    readonly body?: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** One thing that is wrong with an input, as GitHub lists it in the body of a 422. */
export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  readonly message?: string;
}

/** An error that the API answers, in the shape that Octokit understands. */
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

  /** @returns the answer that tells of it. */
  answer(): Answer {
    const { errors, headers } = this.more;
    const documentation = 'https://docs.github.com/rest';
    const body = { message: this.message, ...(errors ? { errors } : {}), documentation_url: documentation };
    return new Answer(this.status, { ...body, status: String(this.status) }, headers);
  }
}

/** What is not there, or what the caller may not know of. */
export const notFound = () => new GitHubError(404, 'Not Found');

/** An input that is wrong. */
export const validationFailed = (...errors: readonly FieldError[]) =>
  new GitHubError(422, 'Validation Failed', { errors });

/** Something else that is wrong with an input, in words of its own. */
export const unprocessable = (resource: string, message: string) =>
  validationFailed({ resource, code: 'custom', message });

export const created = (body: unknown) => new Answer(201, body);
export const noContent = () => new Answer(204);
