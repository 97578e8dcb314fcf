import type { Decision } from '../../core/contracts/decision';
import type { LiveReadings } from '../../core/contracts/live-reading';
import { type DeployedPackage, hasStack, type LiveFunction, type Manifest } from '../../core/contracts/manifest';
import type { FunctionToPrepare } from '../../core/contracts/payloads';
import type { ServiceState } from '../../core/contracts/state';
import { decide } from '../../core/deploy/decide';
import { diffPackages, type PreviousPackage } from '../../core/deploy/package-diff';
import { codeOf, codeUpdate } from '../../core/deploy/packaged-code';
import { reusableVersions } from '../../core/rollback/reusable-versions';
import type { Functions } from '../../ports/functions';
import { allOrFirstError } from '../all-or-first-error';
import { decideFunctions } from './decide-functions';

export interface ServiceToDecide {
  /** The service's state, as the release found it. */
  readonly state: ServiceState | undefined;
  readonly deployed: PreviousPackage;
  readonly manifest: Manifest;
  readonly stage: string;
  readonly force: boolean;
  /** On a rollback, what it returns to. */
  readonly backTo?: DeployedPackage;
}

export interface DecidedService {
  readonly decision: Decision;
  /** The functions of an incremental decision. */
  readonly functions: readonly FunctionToPrepare[];
  readonly live: LiveReadings;
}

/**
 * Reads what a decision needs to know about the functions whose code changed, and decides. Changes nothing.
 *
 * @throws ReleaseError as `decideFunctions` does, of a service without a stack
 */
export async function decideService(functions: Functions, service: ServiceToDecide): Promise<DecidedService> {
  const { deployed, manifest, backTo } = service;
  if (!hasStack(manifest)) return { ...(await decideFunctions(functions, service)), live: {} };
  const changed = changedFunctions(deployed, manifest);
  const reused = backTo ? await readVersions(functions, changed, reusableVersions(deployed, backTo)) : new Map();
  const toRead = changed.filter(({ logicalId }) => !reused.has(logicalId));
  const live = await readLatest(functions, toRead);
  const decision = decide({
    previous: { state: service.state, deployed },
    manifest,
    live,
    stage: service.stage,
    force: service.force,
    rollback: backTo !== undefined,
  });
  return {
    decision,
    live,
    functions: decision.kind === 'incremental' ? changed.map((one) => toPrepare(one, { manifest, live, reused })) : [],
  };
}

interface ChangedFunction {
  readonly logicalId: string;
  /** As it is recorded. */
  readonly recorded: LiveFunction;
}

/** @returns the functions whose code changed and that have the alias: no others would be updated directly. */
function changedFunctions(deployed: PreviousPackage, manifest: Manifest): ChangedFunction[] {
  if (deployed === undefined || deployed === 'unreadable') return [];
  return diffPackages(deployed, manifest).functions.changed.flatMap((logicalId) => {
    const recorded = deployed.functions[logicalId];
    return recorded ? [{ logicalId, recorded }] : [];
  });
}

/** @returns the versions that still exist in Lambda with the code they were recorded with. */
async function readVersions(
  functions: Functions,
  changed: readonly ChangedFunction[],
  versions: Readonly<Record<string, LiveFunction>>,
): Promise<ReadonlyMap<string, LiveFunction>> {
  const found = changed.map(async ({ logicalId }) => {
    const wanted = versions[logicalId];
    const version = wanted && (await functions.read(wanted.name, wanted.version));
    return version?.codeSha256 === wanted?.codeSha256 && wanted ? [[logicalId, wanted] as const] : [];
  });
  return new Map((await allOrFirstError(found)).flat());
}

async function readLatest(functions: Functions, changed: readonly ChangedFunction[]): Promise<LiveReadings> {
  const readings = changed.map(async ({ logicalId, recorded }) => {
    const found = await functions.read(recorded.name);
    return [logicalId, found ? { codeSha256: found.codeSha256, revisionId: found.revisionId } : 'missing'] as const;
  });
  return Object.fromEntries(await allOrFirstError(readings));
}

function toPrepare(
  { logicalId, recorded }: ChangedFunction,
  known: {
    readonly manifest: Manifest;
    readonly live: LiveReadings;
    readonly reused: ReadonlyMap<string, LiveFunction>;
  },
): FunctionToPrepare {
  const { alias } = known.manifest;
  const one = { logicalId, name: recorded.name, alias, previousVersion: recorded.version };
  const version = known.reused.get(logicalId);
  if (version) return { ...one, action: 'reuse-version', version: version.version, codeSha256: version.codeSha256 };
  const code = codeOf(known.manifest, logicalId)!;
  const reading = known.live[logicalId];
  // A function that is missing, or could not be read, makes the decision a full one.
  if (reading === undefined || reading === 'missing') throw new Error(`function ${logicalId} was not read`);
  return { ...one, ...codeUpdate(code), revisionId: reading.revisionId };
}
