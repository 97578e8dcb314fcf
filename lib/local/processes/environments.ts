/** The account of a local cloud, unless somebody assumes a role of another one. */
export const ACCOUNT = '111122223333';

/** With which calls are signed. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The user's AWS settings, and what npm, node and jest set for their own children. */
const NOT_FOR_OTHERS = [
  /^AWS_(?!CA_BUNDLE$)/,
  /^npm_(package|lifecycle|node|execpath|command)/,
  /^npm_config_(local_)?prefix$/,
  /^INIT_CWD$/,
  /^NODE_(ENV|OPTIONS|PATH)$/,
  /^JEST_/,
];

/**
 * This machine's environment for programs of the local cloud. It keeps home directory, registries, proxies and caches,
 * but nothing by which they could reach a real account or take themselves for a part of our own run.
 */
export const machineEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !NOT_FOR_OTHERS.some((pattern) => pattern.test(name))),
  );

/**
 * @returns variables that point any AWS tool or SDK at a local cloud, with these credentials. They also keep
 *   the SDK from warning of the Node version in every log: functions run on this machine's Node, whatever they declare.
 */
export const awsEnvironment = (
  endpoint: string,
  region: string,
  { accessKeyId, secretAccessKey }: Credentials,
): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
