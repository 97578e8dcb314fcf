import { AwsError } from '../calls/aws-error';

/** The kinds of names that CodeDeploy knows, as its exceptions spell them. */
export type NameKind = 'Application' | 'DeploymentGroup' | 'DeploymentConfig';

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const NAME = /^[A-Za-z0-9._+=,@-]{1,100}$/;
const PAGE = 100;

/**
 * @returns the name
 * @throws AwsError `…NameRequiredException` or `Invalid…NameException`
 */
export function checkName(kind: NameKind, name: unknown): string {
  if (name === undefined || name === null || name === '')
    throw new AwsError(`${kind}NameRequiredException`, `${kind} name is missing`);
  if (typeof name !== 'string' || !NAME.test(name))
    throw new AwsError(
      `Invalid${kind}NameException`,
      `${kind} name ${JSON.stringify(name)} is invalid: use 1 to 100 letters, digits and ". _ + = , @ -"`,
    );
  return name;
}

/** A page of a list, in which a token is the position of the page's first item. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** @throws AwsError `InvalidNextTokenException` if the token is not one of ours */
export function pageOf<T>(all: readonly T[], nextToken: string | undefined): Page<T> {
  const position = nextToken ? Buffer.from(nextToken, 'base64').toString('latin1') : '0';
  if (!/^\d+$/.test(position))
    throw new AwsError('InvalidNextTokenException', 'The next token was specified in an invalid format');
  const from = Number(position);
  const next = from + PAGE;
  return {
    items: all.slice(from, next),
    ...(next < all.length ? { nextToken: Buffer.from(String(next), 'latin1').toString('base64') } : {}),
  };
}

/** @returns the time as the JSON protocol writes it: seconds since 1970. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
