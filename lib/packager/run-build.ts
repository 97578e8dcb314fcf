import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deniedRights, explainDenied } from '../core/build/denied-rights';
import { NOTHING_STORED, type StoredBundles, storedBundles } from '../core/build/stored-bundles';
import type { BuildRequest } from '../core/contracts/build-request';
import type { CloneCredential } from '../core/contracts/clone-credential';
import { isErrorCode, ReleaseError } from '../core/contracts/errors';
import { buildErrorKey, buildTimesKey } from '../core/contracts/keys';
import { DeployedPackage } from '../core/contracts/manifest';
import { settingsStage } from '../core/contracts/release';
import type { BuildTask, StepError } from '../core/contracts/state';
import { boundText } from '../core/text/bound-text';
import type { Artifacts } from '../ports/artifacts';
import type { Clock } from '../ports/clock';
import type { CloneCredentials } from '../ports/clone-credentials';
import type { Environments } from '../ports/environments';
import type { ImageRegistry } from '../ports/image-registry';
import { type BuildRole, targetEnvironment } from './act-in-target';
import { checkout } from './checkout';
import { giveInputs } from './give-inputs';
import { installDependencies } from './install-dependencies';
import { SecretMask } from './mask-secrets';
import { packageService, readSeedYml } from './package-service';
import { PartTimes } from './part-times';
import { readEnvironment } from './read-environment';
import { requireEnvironment } from './require-environment';
import type { Log } from './run-command';
import { runHook } from './run-hook';
import { storePackage } from './store-package';
import { commandEnvironment, type Workspace } from './workspace';

/** Where a build works and what it writes to. */
export interface BuildSurroundings {
  readonly artifacts: Artifacts;
  readonly cloneCredentials: Pick<CloneCredentials, 'find'>;
  readonly environments: Pick<Environments, 'list' | 'salt'>;
  /** Absent where the stage has none: what the app runs then has no credentials at all. */
  readonly role?: BuildRole;
  /** Where images are pushed to; absent where the stage's builds have no Docker. */
  readonly images?: ImageRegistry;
  /** Directory of this build alone; emptied first. */
  readonly directory: string;
  readonly cacheDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
}

/** Characters of the error that is stored: as many as a release may hand on (`step-functions-callbacks.ts`). */
const LONGEST_MESSAGE = 15_000;

/**
 * Runs one build: from checkout to manifest, or the commands of a hook. A failure is stored where the platform looks
 * for it, since a CodeBuild build can hand on nothing but its exit code. Neither there nor in the log is any secret
 * that the build has.
 *
 * @returns whether it succeeded
 */
export async function runBuild(request: BuildRequest, surroundings: BuildSurroundings): Promise<boolean> {
  const { service, releaseId, task = 'package' } = request;
  const { artifacts } = surroundings;
  const times = new PartTimes(surroundings.clock);
  const secrets = new SecretMask();
  const log: Log = (line) => surroundings.log(secrets.maskLine(line));
  try {
    await build(request, { ...surroundings, log }, { secrets, times });
    return true;
  } catch (error) {
    const { code, message } = describeError(explained(error, request, surroundings.role));
    const stepError = { code, message: boundText(secrets.mask(message), LONGEST_MESSAGE) };
    log(`${stepError.code}: ${stepError.message}`);
    if (!isErrorCode(stepError.code) && error instanceof Error && error.stack) log(error.stack);
    const stored = artifacts
      .writeJson(buildErrorKey(request, service, releaseId, task), stepError)
      .catch((cause) => log(`the error could not be stored: ${describeError(cause).message}`));
    // Without the times the record has those of CodeBuild alone.
    const known = task === 'package' ? times.read() : undefined;
    if (known) await artifacts.writeJson(buildTimesKey(request, service, releaseId), known).catch(() => undefined);
    await stored;
    return false;
  }
}

async function build(
  request: BuildRequest,
  { artifacts, cloneCredentials, environments, role, images, directory, ...surroundings }: BuildSurroundings,
  { secrets, times }: { readonly secrets: SecretMask; readonly times: PartTimes },
): Promise<void> {
  const { app, stage, template, service, region, commit, cloneUrl, releaseId, task = 'package' } = request;
  const root = join(directory, 'source');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const [environment, credential, roleCredentials, inputs] = await Promise.all([
    readEnvironment(request, environments),
    readCredential(request, cloneCredentials),
    role?.credentials(),
    giveInputs(request, { artifacts, directory, log: surroundings.log }),
  ]);
  secrets.add([
    ...environment.secrets,
    ...(credential ? [credential.token] : []),
    ...(roleCredentials ? [roleCredentials.secretAccessKey, roleCredentials.sessionToken] : []),
  ]);
  const given = targetEnvironment(surroundings.env, region, roleCredentials);
  const env = { ...commandEnvironment({ ...given, ...environment.variables }, request), ...inputs.variables };
  surroundings.log(`checking out ${commit}`);
  // Git clones with CodeBuild's own rights, and gets nothing of the stage's environment.
  const gitEnv = commandEnvironment(surroundings.env, request);
  await times.measure('checkout', () =>
    checkout({ cloneUrl, commit, directory: root, env: gitEnv, credential }, surroundings.log),
  );
  const workspace = {
    ...surroundings,
    root,
    app,
    stage,
    template,
    service,
    region,
    env,
    ...(images && { images: { ...images, releaseId } }),
  };
  if (task !== 'package') return runHookAlone(workspace, task);
  const stored = readStored(request, artifacts);
  const servicePackage = await packageService(workspace, { scratch: join(directory, 'scratch'), stored, times });
  const identity = { app, service, stage, template, commit, releaseId, environmentHash: environment.hash };
  const packaged = { ...servicePackage, warnings: [...inputs.warnings, ...servicePackage.warnings] };
  const manifest = await storePackage(packaged, identity, artifacts, { stored: await stored, times });
  surroundings.log(`stored the package of ${service}: ${Object.keys(manifest.functions).length} functions`);
}

/** What cannot be read is built as if nothing were stored: that takes longer, and nothing else. */
async function readStored(
  { deployedPackage }: BuildRequest,
  artifacts: Pick<Artifacts, 'readJson'>,
): Promise<StoredBundles> {
  if (deployedPackage === undefined) return NOTHING_STORED;
  const deployed = await artifacts.readJson(deployedPackage, DeployedPackage).catch(() => undefined);
  return storedBundles(deployed?.manifest);
}

/** Only git gets it: everything else that the build runs belongs to the app. */
async function readCredential(
  { cloneParameter }: BuildRequest,
  cloneCredentials: Pick<CloneCredentials, 'find'>,
): Promise<CloneCredential | undefined> {
  if (cloneParameter === undefined) return undefined;
  const found = await cloneCredentials.find(cloneParameter);
  if (found) return found;
  throw new ReleaseError(
    'SourceAccessDenied',
    `the credentials for cloning are gone (SSM parameter ${cloneParameter}); release again to have new ones made`,
  );
}

/** Runs a hook that has a build of its own, after installing everything that the service's commands may need. */
async function runHookAlone(workspace: Workspace, hook: Exclude<BuildTask, 'package'>): Promise<void> {
  const seed = await readSeedYml(workspace.root);
  if (seed[hook].length === 0) return workspace.log(`seed.yml has no commands for ${hook}`);
  requireEnvironment(workspace, seed);
  await installDependencies(workspace);
  await runHook(workspace, hook, seed);
  workspace.log(`${hook} succeeded`);
}

/** Says of a command that failed for want of a right which line of seedbed.yml grants it. */
function explained(error: unknown, request: BuildRequest, role: BuildRole | undefined): unknown {
  if (!(error instanceof ReleaseError) || role === undefined) return error;
  const denied = deniedRights(error.message, role.name);
  if (denied.length === 0) return error;
  const { app, service } = request;
  const why = explainDenied({ app, settingsStage: settingsStage(request), service }, denied);
  return new ReleaseError('BuildAccessDenied', `${why}\n${error.message}`, { cause: error });
}

function describeError(error: unknown): StepError {
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'Error', message: String(error) };
}
