import { delimiter, join } from 'node:path';
import type { EmulatorClient } from '../calls/emulator-client';
import type { Credentials } from '../calls/role-session';
import { compileCache } from '../processes/compile-cache';
import { awsEnvironment, machineEnvironment } from '../processes/environments';
import { type BuildRecord, isOnLambda } from './build-record';
import type { BuildVariable } from './buildspec';

/** Nothing can be made in it, even by who may do everything. */
const NO_HOME = '/dev/null';

/** What a build's environment is made of. */
export interface EnvironmentOptions {
  readonly emulator: EmulatorClient;
  readonly endpoint: string;
  /** The checkout whose programs come last in PATH, as if a build image had them. */
  readonly checkout: string;
  /** Directory in which the programs of all builds keep what they have compiled. */
  readonly compiled: string;
  readonly source: string;
  /** For temporary files, of this build alone. */
  readonly temporary: string;
  /** Of the project's service role, with which CodeBuild reads variables and by which a build's calls are judged. */
  readonly session: Credentials;
  readonly variables: readonly BuildVariable[];
}

/**
 * Makes a build's environment: this machine's (home directory, registries, caches), what CodeBuild sets, the variables
 * of buildspec, project and StartBuild, and credentials of the project's service role.
 * @throws Error naming a parameter or secret that cannot be read
 */
export async function buildEnvironment(build: BuildRecord, options: EnvironmentOptions): Promise<NodeJS.ProcessEnv> {
  const { caller, project } = build;
  const { session } = options;
  const programs = join(options.checkout, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== programs);
  return {
    ...machineEnvironment(),
    ...compileCache(options.compiled),
    TMPDIR: options.temporary,
    ...(isOnLambda(project) && { HOME: NO_HOME }),
    ...(await readVariables(options)),
    PATH: [...path, programs].join(delimiter),
    ...awsEnvironment(options.endpoint, caller.region, {
      accessKeyId: session.accessKey,
      secretAccessKey: session.secretKey,
    }),
    AWS_SESSION_TOKEN: session.token,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_NUMBER: String(build.describe().buildNumber),
    CODEBUILD_BUILD_IMAGE: 'seedbed/local',
    CODEBUILD_INITIATOR: build.describe().initiator,
    CODEBUILD_LOG_PATH: build.logs.streamName,
    CODEBUILD_PROJECT_ARN: project.arn,
    CODEBUILD_RESOLVED_SOURCE_VERSION: project.sourceVersion ?? '',
    CODEBUILD_SOURCE_VERSION: project.sourceVersion ?? '',
    CODEBUILD_SRC_DIR: options.source,
    CODEBUILD_START_TIME: String(Math.round(build.describe().startTime * 1000)),
  };
}

async function readVariables({ emulator, session, variables }: EnvironmentOptions) {
  const found: Record<string, string> = {};
  for (const { name, value, type } of variables) {
    if (type === 'PLAINTEXT') found[name] = value;
    else if (type === 'PARAMETER_STORE') found[name] = await readParameter(emulator, session, value);
    else found[name] = await readSecret(emulator, session, value);
  }
  return found;
}

async function readParameter(emulator: EmulatorClient, session: Credentials, name: string): Promise<string> {
  const input = { Name: name, WithDecryption: true };
  const { Parameter } = await emulator
    .json<{ Parameter: { Value: string } }>(session, 'ssm', 'AmazonSSM.GetParameter', input)
    .catch((error) => {
      throw new Error(`parameter does not exist: ${name} (${error.message})`);
    });
  return Parameter.Value;
}

/** @param reference `secret-id:json-key:version-stage:version-id`, where the id may be an ARN */
async function readSecret(emulator: EmulatorClient, session: Credentials, reference: string): Promise<string> {
  const parts = reference.split(':');
  const id = parts.splice(0, reference.startsWith('arn:') ? 7 : 1).join(':');
  const [key, stage, version] = parts;
  const input = { SecretId: id, VersionStage: stage || undefined, VersionId: version || undefined };
  const { SecretString } = await emulator
    .json<{ SecretString: string }>(session, 'secretsmanager', 'secretsmanager.GetSecretValue', input)
    .catch((error) => {
      throw new Error(`secret does not exist: ${id} (${error.message})`);
    });
  if (!key) return SecretString;
  const value = (JSON.parse(SecretString) as Record<string, unknown>)[key];
  if (value === undefined) throw new Error(`secret ${id} has no key ${key}`);
  return String(value);
}
