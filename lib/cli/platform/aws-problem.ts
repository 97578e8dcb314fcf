/** What errors of AWS and of the way to it mean to who calls a command, by name or code. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/,
    'your AWS credentials have expired; get new ones (with SSO: aws sso login), or set AWS_PROFILE to others',
  ],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|AuthFailure)$/,
    'AWS does not know your credentials; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE',
  ],
  [
    /^(AccessDenied(Exception)?|UnauthorizedOperation|Forbidden)$/,
    'your AWS credentials may not do this; use those of the ops account, with the rights that docs/cli.md lists',
  ],
  [/^(TokenProviderError|SSOTokenProviderFailure)$/, 'your SSO session has ended; sign in with: aws sso login'],
  [
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError|NetworkingError)$/,
    'AWS cannot be reached; check the network, a proxy (HTTPS_PROXY), AWS_REGION and AWS_ENDPOINT_URL',
  ],
  [
    /^(Throttling(Exception)?|TooManyRequestsException|ProvisionedThroughputExceededException|RequestLimitExceeded)$/,
    'AWS has enough calls for the moment; try again',
  ],
];

/** @returns what an error of AWS means and how to mend it, with AWS's own words; undefined if it is none of those. */
export function awsProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const { code } = error as NodeJS.ErrnoException;
  // An error that gathers several, as of a host with two addresses, says nothing itself.
  const words = message || String(code ?? name);
  const found = ADVICE.find(([pattern]) => pattern.test(name) || (code !== undefined && pattern.test(code)));
  return found && `${found[1]} (${words})`;
}
