/** The one account of a local cloud, as long as nobody assumes a role of another. */
export const ACCOUNT = '111122223333';

/** The user's AWS settings, and what npm, node and jest tell their own children. */
const NOT_FOR_OTHERS =
  /^(AWS_(?!CA_BUNDLE$)|npm_(package|lifecycle|node|execpath|command)|npm_config_(local_)?prefix$|INIT_CWD$|NODE_(ENV|OPTIONS|PATH)$|JEST_)/;

/**
 * This machine's environment for programs of the local cloud: home directory, registries, proxies and caches stay;
 * nothing that could make them reach a real account, or believe that they are part of our own run.
 */
export const machineEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_FOR_OTHERS.test(name)));

/**
 * @returns variables that point any AWS tool or SDK at a local cloud, with its account's credentials. The SDK is not to say
 *   in every log which Node it wants: a function's runtime here is this machine's, whatever it declares.
 */
export const awsEnvironment = (endpoint: string, region: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: ACCOUNT,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
