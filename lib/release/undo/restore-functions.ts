import { callerOf } from '../../core/contracts/call-reservations';
import { isErrorCode, ReleaseError } from '../../core/contracts/errors';
import type { DeployedPackage, Manifest } from '../../core/contracts/manifest';
import { RestoreFunctionsInput } from '../../core/contracts/payloads';
import { codeSource, type PackagedCode, packagedCode } from '../../core/deploy/packaged-code';
import type { Artifacts } from '../../ports/artifacts';
import type { Functions } from '../../ports/functions';
import type { Log } from '../../ports/log';
import type { ServiceStates } from '../../ports/service-states';
import type { TargetPortsOf } from '../../ports/target-ports';
import { bundleCorrupt } from '../packages/check-bundles';
import { readDeployed, readManifest } from '../packages/read-packages';

export interface RestoreFunctionsPorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions'>;
  readonly log: Log;
}

/** Puts back what a failed release may have changed: a state of `ServiceRelease`. @see restoreService */
export const restoreFunctions =
  (ports: RestoreFunctionsPorts) =>
  async (event: unknown): Promise<Pick<RestoreFunctionsInput, 'error'>> => {
    const input = RestoreFunctionsInput.parse(event);
    await restoreService(ports, input);
    return { error: input.error };
  };

/**
 * Puts back what a failed release may have changed of what was deployed before: first the aliases, since they decide
 * what serves, then the code of `$LATEST`. Points an alias that a shift left on two versions at one. Finds out by
 * itself what there is to do, and does nothing where nothing was touched. Logs what cannot be put back and leaves it to
 * the next release, which is a full one.
 *
 * @param what only the aliases while CloudFormation is still changing the functions, which must not be disturbed
 * @throws ReleaseError `Throttled`, to be tried again
 */
export async function restoreService(
  { states, artifacts, target, log }: RestoreFunctionsPorts,
  { release, service, error, kept = [] }: RestoreFunctionsInput,
  what: 'aliases' | 'aliases and code' = 'aliases and code',
): Promise<void> {
  const state = states.find(release, service.path);
  const [manifest, deployed] = await Promise.all([
    readManifest(artifacts, { release, service, state }).catch(unlessInvalid(log)),
    state.then((found) => readDeployed(artifacts, found)),
  ]);
  if (deployed === undefined || deployed === 'unreadable') return;

  const { functions } = target(release.target, callerOf(release));
  const wanted = wantedStates(deployed, manifest, error.Error).filter(({ logicalId }) => !kept.includes(logicalId));
  const outcomes = [
    ...(await Promise.all(wanted.map((one) => attempt(one, 'alias', () => restoreAlias(functions, one))))),
    ...(await Promise.all(
      (what === 'aliases' ? [] : wanted).map((one) => attempt(one, 'code', () => restoreCode(functions, one))),
    )),
  ];
  const problems = outcomes.filter(({ problem }) => problem !== undefined);
  log.info('put back what the release had changed', {
    releaseId: release.id,
    service: service.path,
    restored: outcomes.filter(({ restored }) => restored).map(({ logicalId, what }) => `${what} of ${logicalId}`),
    problems: problems.map(({ logicalId, what, problem }) => `${what} of ${logicalId}: ${problem}`),
  });
  const busy = problems.find(({ problem }) => problem instanceof ReleaseError && problem.code === 'Throttled');
  if (busy) throw busy.problem;
}

/** What was deployed before is put back as far as it is known, also if nobody can tell what the release put there. */
const unlessInvalid =
  (log: Log) =>
  (error: unknown): undefined => {
    if (!(error instanceof ReleaseError) || error.code !== 'ManifestInvalid') throw error;
    log.warn('aliases are put back without the manifest of the release, and code only after CloudFormation', { error });
  };

/** The state that one function is to be left in. */
interface WantedState {
  readonly logicalId: string;
  readonly name: string;
  /** The alias, by its former name and by the one that the release gave it. */
  readonly aliases: readonly string[];
  readonly version: string;
  readonly codeSha256: string;
  /** What is in the package for it. */
  readonly code: PackagedCode | undefined;
  /** Whether code of this hash in `$LATEST` is to be replaced. */
  readonly isReplaced: (codeSha256: string) => boolean;
}

function wantedStates(deployed: DeployedPackage, manifest: Manifest | undefined, errorName: string): WantedState[] {
  // CloudFormation rolls back to what it deployed last, which is older than any direct update since then.
  const rolledBack = isErrorCode(errorName) && STACK_ERRORS.includes(errorName);
  const before = packagedCode(deployed.manifest);
  const released = manifest ? packagedCode(manifest) : {};
  return Object.entries(deployed.functions).map(([logicalId, recorded]) => ({
    logicalId,
    ...recorded,
    aliases: [...new Set([deployed.manifest.alias, manifest?.alias ?? deployed.manifest.alias])],
    code: before[logicalId],
    // Without a rollback, code that is neither ours nor recorded was put there by hand: it is not ours to undo.
    isReplaced: (found) => found !== recorded.codeSha256 && (rolledBack || found === released[logicalId]?.codeSha256),
  }));
}

const STACK_ERRORS: readonly string[] = ['StackFailed', 'StackStuck'];

/** @returns whether there was anything to do. */
async function restoreAlias(functions: Functions, { name, aliases, version }: WantedState): Promise<boolean> {
  const restored = aliases.map(async (alias) => {
    const live = await functions.alias(name, alias);
    if (!live || (live.version === version && Object.keys(live.weights).length === 0)) return false;
    const outcome = await functions.moveAlias(name, { alias, version });
    if (outcome === 'missing') throw new Error(`version ${version} no longer exists`);
    return true;
  });
  return (await Promise.all(restored)).includes(true);
}

/** @returns whether there was anything to do. Publishes nothing: the version that serves is there already. */
async function restoreCode(
  functions: Functions,
  { logicalId, name, code, codeSha256, isReplaced }: WantedState,
): Promise<boolean> {
  const latest = await functions.read(name);
  if (!latest || code === undefined || !isReplaced(latest.codeSha256)) return false;
  const { bundle } = code;
  const update = { name, ...codeSource(code), revisionId: latest.revisionId, publish: 'nothing' } as const;
  const outcome = await functions.updateCode(update);
  if (outcome.outcome !== 'done') throw new Error(outcome.outcome === 'refused' ? outcome.reason : outcome.outcome);
  if (bundle !== undefined && outcome.codeSha256 !== codeSha256)
    throw bundleCorrupt(`function ${logicalId}`, { bundle, codeSha256, found: outcome.codeSha256 });
  return true;
}

interface Outcome {
  readonly logicalId: string;
  readonly what: 'alias' | 'code';
  readonly restored: boolean;
  readonly problem?: unknown;
}

async function attempt(
  { logicalId }: WantedState,
  what: Outcome['what'],
  restore: () => Promise<boolean>,
): Promise<Outcome> {
  try {
    return { logicalId, what, restored: await restore() };
  } catch (problem) {
    return { logicalId, what, restored: false, problem };
  }
}
