import type { Decision } from '../contracts/decision';
import type { DeployedPackage, LiveFunction, Manifest } from '../contracts/manifest';
import type { FunctionToPrepare } from '../contracts/payloads';
import type { Reason } from '../contracts/reasons';
import { nameSome } from '../text/name-some';
import { type DecideInput, forcingReasons } from './decide';
import { diffPackages } from './package-diff';

/** A function that something else made, as it is now. */
export interface CodeOnlyReading {
  /** Of `$LATEST`. */
  readonly latest: FunctionState & { readonly revisionId: string };
  /** Of the version that the alias names; absent if there is no alias. */
  readonly live?: FunctionState & { readonly version: string };
  /** The version that a rollback returns to, if it can serve again: the function is configured as it was then. */
  readonly reusable?: LiveFunction;
}

/** Hash of the code, and a digest of all else that a version keeps. */
interface FunctionState {
  readonly codeSha256: string;
  readonly configuration: string;
}

export interface CodeOnlyInput extends Pick<DecideInput, 'previous' | 'manifest' | 'force'> {
  /** By name, every function of the manifest. */
  readonly live: Readonly<Record<string, CodeOnlyReading>>;
}

export interface CodeOnlyDecision {
  readonly decision: Decision;
  readonly functions: readonly FunctionToPrepare[];
}

/** After these an alias may have been left with a weight on it, which only moving it takes away. */
const REPAIRS: readonly Reason['code'][] = ['previous-release-failed', 'forced', 'state-unreadable'];

/**
 * Decides how code reaches functions that something else made: not at all where nothing differs, and directly where
 * anything does. There is no stack that could do it in full, so doubt about any function means that all are brought to
 * what the package says, and doubt about one that this one is.
 *
 * A change that the function's maker made to its configuration reaches what invokes the alias only with a version of
 * its own, so it counts as a difference.
 */
export function decideCodeOnly({ previous, manifest, force, live }: CodeOnlyInput): CodeOnlyDecision {
  const forcing = forcingReasons({ previous, manifest, force });
  const { deployed: known } = previous;
  const deployed = known === undefined || known === 'unreadable' ? undefined : known;
  const found = deployed ? differences(deployed, manifest, live) : [];
  const reasons = [...forcing, ...found.map(({ reason }) => reason)];
  if (reasons.length === 0) {
    const message = 'the package equals the deployed one';
    return {
      decision: { kind: 'skip', reasons: [{ code: 'package-unchanged', message }], changedFunctions: [] },
      functions: [],
    };
  }
  const all = Object.keys(manifest.functions).sort();
  const concerned = forcing.length > 0 || !deployed ? all : [...new Set(found.flatMap(({ names }) => names))].sort();
  const isRepair = reasons.some(({ code }) => REPAIRS.includes(code));
  const functions = concerned
    .filter((name) => Object.hasOwn(manifest.functions, name))
    .map((name) => toPrepare(name, { manifest, reading: live[name]!, isRepair }));
  const changedFunctions = functions.filter(({ action }) => action !== 'keep-version').map(({ name }) => name);
  return { decision: { kind: 'incremental', reasons, changedFunctions }, functions };
}

interface Difference {
  readonly reason: Reason;
  readonly names: readonly string[];
}

function differences(
  deployed: DeployedPackage,
  manifest: Manifest,
  live: CodeOnlyInput['live'],
): readonly Difference[] {
  const { added, removed, changed } = diffPackages(deployed, manifest).functions;
  const isNew = new Set([...added, ...changed]);
  const others = Object.keys(manifest.functions).filter((name) => !isNew.has(name));
  const byHand = others.flatMap((name) => {
    const problem = changedByHand(deployed.functions[name], live[name]!);
    return problem === undefined ? [] : [{ name, problem }];
  });
  const configured = others.filter((name) => {
    const { latest, live: served } = live[name]!;
    return served !== undefined && served.configuration !== latest.configuration;
  });
  const difference = (code: Reason['code'], message: string, names: readonly string[]): Difference[] =>
    names.length === 0 ? [] : [{ reason: { code, message }, names }];
  return [
    ...difference('function-code-changed', `code changed: ${nameSome(changed)}`, changed),
    ...difference('function-added', `new: ${nameSome(added)}`, added),
    ...difference(
      'function-removed',
      `no longer of the service: ${nameSome(removed)}; what serves there stays, and so does its alias`,
      removed,
    ),
    ...difference(
      'function-changed-by-hand',
      nameSome(byHand.map(({ name, problem }) => `${name} ${problem}`)),
      byHand.map(({ name }) => name),
    ),
    ...difference(
      'function-configuration-changed',
      `configured anew, which its alias sees with a new version: ${nameSome(configured)}`,
      configured,
    ),
  ];
}

function changedByHand(recorded: LiveFunction | undefined, { latest, live }: CodeOnlyReading): string | undefined {
  if (live === undefined) return 'has lost its alias';
  if (recorded === undefined) return 'is not recorded';
  if (live.version !== recorded.version) {
    return `was changed by hand: its alias points at version ${live.version}, not ${recorded.version}`;
  }
  if (latest.codeSha256 !== recorded.codeSha256) return 'was changed by hand: its code is not what was deployed';
  return undefined;
}

function toPrepare(
  name: string,
  {
    manifest,
    reading: { latest, live, reusable },
    isRepair,
  }: { readonly manifest: Manifest; readonly reading: CodeOnlyReading; readonly isRepair: boolean },
): FunctionToPrepare {
  const { bundle, codeSha256 } = manifest.functions[name]!;
  const one = { logicalId: name, name, alias: manifest.alias, codeSha256, previousVersion: live?.version };
  const isSame = live?.codeSha256 === codeSha256 && live.configuration === latest.configuration;
  if (reusable && !isSame) return { ...one, action: 'reuse-version', version: reusable.version };
  if (latest.codeSha256 !== codeSha256) {
    const { revisionId } = latest;
    return { ...one, action: 'update-code', bundle, revisionId, ...(live === undefined && { startsAlias: true }) };
  }
  if (isSame && !isRepair) return { ...one, action: 'keep-version', version: live.version };
  return { ...one, action: 'publish' };
}
