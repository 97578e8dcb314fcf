import type { Decision } from '../contracts/decision';
import type { LiveReading, LiveReadings } from '../contracts/live-reading';
import type { LiveFunction, Manifest } from '../contracts/manifest';
import type { Reason } from '../contracts/reasons';
import type { ServiceState } from '../contracts/state';
import { nameSome } from '../text/name-some';
import { diffPackages, type PackageDiff, type PreviousPackage, type RecordDiff } from './package-diff';
import { packagedCode } from './packaged-code';

export interface DecideInput {
  readonly previous: {
    /** The service's state in this stage; undefined if it was never touched. */
    readonly state: ServiceState | undefined;
    /** The package that the state points at. */
    readonly deployed: PreviousPackage;
  };
  readonly manifest: Manifest;
  /** The changed functions (`diffPackages(…).functions.changed`) as they are now. */
  readonly live: LiveReadings;
  readonly stage: string;
  readonly force: boolean;
  /** Whether the package has been deployed before and is to be again. */
  readonly rollback?: boolean;
}

/**
 * Decides how a package reaches its stage: not at all if nothing differs from what is deployed, by direct updates if
 * only function code differs and nothing forbids them, and otherwise in full. Doubt means full.
 *
 * @returns the decision with all reasons that held; `changedFunctions` also for a full one
 */
export function decide(input: DecideInput): Decision {
  const { manifest, previous } = input;
  const diff = diffPackages(previous.deployed, manifest);
  const { added, changed } = diff.functions;
  const changedFunctions = [...added, ...changed].sort();

  const forcing = forcingReasons(input);
  // Without a package to compare with, everything is new, which `forcing` says already.
  const compared = previous.deployed !== undefined && previous.deployed !== 'unreadable';
  const differences = compared ? differenceReasons(diff) : [];
  const code = compared ? codeReasons(changed) : [];

  if (forcing.length === 0 && differences.length === 0 && code.length === 0) {
    const message = 'the package equals the deployed one';
    return { kind: 'skip', reasons: [{ code: 'package-unchanged', message }], changedFunctions: [] };
  }

  const onlyCode = forcing.length === 0 && differences.length === 0;
  const hindrances = [
    // Settings are about new code; a rollback moves back to what served before, whatever `$LATEST` holds.
    ...(input.rollback ? [] : settingReasons(manifest, input.stage)),
    ...aliasReasons(input, changed),
    ...liveReasons(input, changed, { mustBeRead: onlyCode }),
  ];
  const kind = onlyCode && hindrances.length === 0 ? 'incremental' : 'full';
  return { kind, reasons: [...forcing, ...differences, ...code, ...hindrances], changedFunctions };
}

/** Reasons for a full deploy other than differences between the packages. */
export function forcingReasons({
  previous: { state, deployed },
  manifest,
  force,
}: Pick<DecideInput, 'previous' | 'manifest' | 'force'>): Reason[] {
  const reasons: Reason[] = [];
  if (force) reasons.push({ code: 'forced', message: 'the release was forced' });
  if (state?.deployedPackage === undefined) {
    reasons.push({ code: 'first-release', message: 'the service has not been deployed to this stage yet' });
  } else {
    const doubt = doubtAbout(deployed, manifest);
    if (doubt !== undefined) reasons.push({ code: 'state-unreadable', message: doubt });
  }
  if (state?.unreadable !== undefined) {
    reasons.push({ code: 'state-unreadable', message: state.unreadable });
  } else if (state !== undefined && state.status !== 'deployed') {
    reasons.push({
      code: 'previous-release-failed',
      message: `the previous release ${state.releaseId} did not succeed`,
    });
  }
  return reasons;
}

/** @returns why the stored package cannot be the base of a decision, or undefined if it can. */
function doubtAbout(deployed: PreviousPackage, manifest: Manifest): string | undefined {
  if (deployed === undefined) return 'the record of what is deployed is no longer in the artifact repository';
  if (deployed === 'unreadable') return 'the record of what is deployed cannot be read';
  const foreign = (['app', 'service', 'stage'] as const).filter((key) => deployed.manifest[key] !== manifest[key]);
  if (foreign.length > 0) return `the record of what is deployed belongs to another ${foreign.join(' and ')}`;
  // Code that is not of the package, as inline code, is in no manifest.
  const code = packagedCode(deployed.manifest);
  const torn = Object.keys(deployed.functions)
    .filter((id) => Object.hasOwn(code, id) && deployed.functions[id]!.codeSha256 !== code[id]!.codeSha256)
    .sort();
  if (torn.length > 0) return `the record of what is deployed contradicts itself about ${nameSome(torn)}`;
  return undefined;
}

/** Differences that only CloudFormation can bring about. */
function differenceReasons(diff: PackageDiff): Reason[] {
  const reasons: Reason[] = [];
  if (diff.template) reasons.push({ code: 'template-changed', message: 'the template changed' });
  if (diff.config) reasons.push({ code: 'config-changed', message: "the framework's configuration changed" });
  if (diff.environment) {
    reasons.push({ code: 'environment-changed', message: "the stage's environment or secrets changed" });
  }
  if (differs(diff.layers)) reasons.push({ code: 'layer-changed', message: `layers: ${inWords(diff.layers)}` });
  if (differs(diff.assets)) reasons.push({ code: 'asset-changed', message: `assets: ${inWords(diff.assets)}` });
  const { added, removed } = diff.functions;
  if (added.length > 0) reasons.push({ code: 'function-added', message: `new: ${nameSome(added)}` });
  if (removed.length > 0) reasons.push({ code: 'function-removed', message: `removed: ${nameSome(removed)}` });
  return reasons;
}

const codeReasons = (changed: readonly string[]): Reason[] =>
  changed.length === 0 ? [] : [{ code: 'function-code-changed', message: `code changed: ${nameSome(changed)}` }];

/** Reasons in the app's settings against direct updates. */
function settingReasons(manifest: Manifest, stage: string): Reason[] {
  const { incremental } = manifest;
  const reasons: Reason[] = [];
  if (Object.keys(packagedCode(manifest)).length === 0) {
    reasons.push({ code: 'no-functions', message: 'the service has no functions' });
  }
  if (!incremental.enabled) {
    const message = 'serverless.yml does not set custom.seed.incremental.enabled';
    reasons.push({ code: 'incremental-not-enabled', message });
  } else if (incremental.disabledFor.includes(stage)) {
    const message = `serverless.yml lists "${stage}" in custom.seed.incremental.disabledFor`;
    reasons.push({ code: 'incremental-disabled-for-stage', message });
  }
  return reasons;
}

/** Code that runs unversioned, or not at all in this stage, cannot be prepared beside what serves. */
function aliasReasons({ previous: { deployed } }: DecideInput, changed: readonly string[]): Reason[] {
  if (deployed === undefined || deployed === 'unreadable') return [];
  const without = changed.filter((id) => !Object.hasOwn(deployed.functions, id));
  if (without.length === 0) return [];
  const message = `only CloudFormation updates a function that has no alias: ${nameSome(without)}`;
  return [{ code: 'function-not-aliased', message }];
}

/**
 * What is live but not as recorded.
 * @param options `mustBeRead`: whether a changed function without a reading is in doubt
 */
function liveReasons(
  { previous, live, rollback }: DecideInput,
  changed: readonly string[],
  options: { readonly mustBeRead: boolean },
): Reason[] {
  const { deployed } = previous;
  if (deployed === undefined || deployed === 'unreadable') return [];
  const isTold = (id: string): boolean => !rollback || ownEntry(live, id) === 'missing';
  const problems = changed.filter(isTold).flatMap((id) => {
    const recorded = ownEntry(deployed.functions, id);
    const reading = ownEntry(live, id);
    if (recorded === undefined || (reading === undefined && !options.mustBeRead)) return [];
    const problem = problemOf(recorded, reading);
    return problem === undefined ? [] : [`${id} ${problem}`];
  });
  return problems.length === 0 ? [] : [{ code: 'function-changed-by-hand', message: nameSome(problems) }];
}

function problemOf(recorded: LiveFunction, reading: LiveReading | 'missing' | undefined): string | undefined {
  if (reading === undefined) return 'could not be compared with what is live';
  if (reading === 'missing') return 'was deleted by hand';
  if (reading.codeSha256 !== recorded.codeSha256) return 'was changed by hand: its code is not what was deployed';
  if (reading.version !== undefined && reading.version !== recorded.version) {
    return `was changed by hand: its alias points at version ${reading.version}, not ${recorded.version}`;
  }
  return undefined;
}

/** A logical id may be `constructor`; only a record's own entries count. */
const ownEntry = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const differs = ({ added, removed, changed }: RecordDiff): boolean =>
  added.length + removed.length + changed.length > 0;

const inWords = ({ added, removed, changed }: RecordDiff): string =>
  Object.entries({ added, removed, changed })
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => `${what} ${nameSome(ids)}`)
    .join('; ');
