/** Credentials with which a build works in the stage's account. */
export interface BuildCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The role with which packager and hooks of a stage work in its account. */
export interface BuildRole {
  /** The role's own name, by which AWS's errors call it. */
  readonly name: string;
  /** @throws ReleaseError `TargetAccessDenied` */
  readonly credentials: () => Promise<BuildCredentials>;
}

/** Where programs find credentials: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
const CREDENTIALS =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CREDENTIAL_EXPIRATION|PROFILE|DEFAULT_PROFILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.*)$/;

/**
 * @param env of the build environment
 * @param region of the stage
 * @param credentials none where the stage has no build role
 * @returns the environment of what the app runs. Programs there never find the credentials of the build environment
 *   itself, which are of the platform's account, with rights that are the packager's alone.
 */
export function targetEnvironment(
  env: NodeJS.ProcessEnv,
  region: string,
  credentials?: BuildCredentials,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIALS.test(name))),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    }),
  };
}
