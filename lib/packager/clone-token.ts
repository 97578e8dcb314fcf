import type { CloneCredential } from '../core/contracts/clone-credential';

/** Variables that make git write its requests, and with them the token, into the build's log. */
const TRACES = /^(GIT_TRACE|GIT_CURL_VERBOSE)/;

/**
 * Gives git a token by its own environment: not by arguments, which other processes see, and not by a file, which would
 * outlive the checkout. It is sent to the host of `cloneUrl` only.
 *
 * @param env of the build
 * @returns the environment of git, and of no other program
 */
export function withToken(
  env: NodeJS.ProcessEnv,
  cloneUrl: string,
  { token }: Pick<CloneCredential, 'token'>,
): NodeJS.ProcessEnv {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !TRACES.test(name))),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(cloneUrl).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
