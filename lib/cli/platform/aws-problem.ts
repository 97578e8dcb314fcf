const UNKNOWN_CREDENTIALS =
  'AWS does not accept your credentials; ' +
  'check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE';

/** What errors of AWS, and of reaching it, mean to the person who calls a command, by name or code. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/,
    'your AWS credentials have expired; get new ones (with SSO: aws sso login), or set AWS_PROFILE to others',
  ],
  [/^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure)$/, UNKNOWN_CREDENTIALS],
  [/^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/, UNKNOWN_CREDENTIALS],
  [
    /^(AccessDenied(Exception)?|UnauthorizedOperation|Forbidden)$/,
    'your AWS credentials do not allow this; use those of the ops account, with the rights that docs/cli.md lists',
  ],
  [/^(TokenProviderError|SSOTokenProviderFailure)$/, 'your SSO session has ended; sign in with: aws sso login'],
  [
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError|NetworkingError)$/,
    'AWS cannot be reached; check the network, a proxy (HTTPS_PROXY), AWS_REGION and AWS_ENDPOINT_URL',
  ],
  [
    /^(Throttling(Exception)?|TooManyRequestsException|ProvisionedThroughputExceededException|RequestLimitExceeded)$/,
    'AWS is throttling your calls; try again in a moment',
  ],
];

/** @returns what an error of AWS means and how to fix it, with AWS's own words; undefined for any other error. */
export function awsProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const { code } = error as NodeJS.ErrnoException;
  // An error that gathers several, as of a host with two addresses, says nothing itself.
  const words = message || String(code ?? name);
  const found = ADVICE.find(([pattern]) => pattern.test(name) || (code !== undefined && pattern.test(code)));
  return found && `${found[1]} (${words})`;
}
