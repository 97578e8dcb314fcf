import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import {
  type FunctionToPrepare,
  type PreparedFunction,
  PrepareInput,
  type PrepareOutput,
} from '../../lib/core/contracts/payloads';
import type { Artifacts } from '../../lib/ports/artifacts';
import { TurnIsLater } from '../../lib/ports/call-budget';
import type { Clock } from '../../lib/ports/clock';
import type { CodeOutcome, FunctionReading, Functions } from '../../lib/ports/functions';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionChangedByHand, functionMissing } from '../../lib/release/packages/changed-by-hand';
import { bundleCorrupt, bundleMissing } from '../../lib/release/packages/check-bundles';
import { versionFailed } from './version-failed';

/** What changes or publishes the code of `$LATEST`. */
type CodeChange = Action<'update-code' | 'update-image' | 'publish'>;

type Action<Name extends FunctionToPrepare['action']> = Extract<FunctionToPrepare, { action: Name }>;

export interface PrepareFunctionsPorts {
  readonly target: TargetPortsOf<'functions'>;
  readonly artifacts: Pick<Artifacts, 'find'>;
  readonly pace: Clock;
}

/** What became of one function. */
type Progress =
  | { readonly prepared: PreparedFunction }
  | { readonly pending: PreparedFunction }
  | { readonly left: FunctionToPrepare; readonly askAgainAt: number };

/**
 * Makes a new version of each function of a batch, or checks that the version which is to serve again exists, and waits
 * until Lambda has made them. No alias moves, so what serves stays as it was. What it could not do yet, since others
 * use up Lambda's control calls or since a version takes long, it answers with the time after which to go on; what is
 * done is not done again.
 *
 * Run twice with the same input, it finds its own code in place and answers the version that it published the first
 * time.
 *
 * @throws ReleaseError `FunctionChangedByHand`, `VersionMissing`, `FunctionMissing`, `FunctionUpdateFailed`,
 * `BundleMissing` or `BundleCorrupt`, naming the function
 */
export const prepareFunctions =
  ({ target, artifacts, pace }: PrepareFunctionsPorts) =>
  async (event: unknown): Promise<PrepareOutput> => {
    const { release, batch } = PrepareInput.parse(event);
    const { functions } = target(release.target, callerOf(release));
    const progress = await allOrFirstError<Progress>([
      // What takes long is looked at once: holding a worker would not make it faster.
      ...batch.pending.map((one) => untilReady({ functions, pace }, one, 0)),
      ...batch.functions.map(async (wanted): Promise<Progress> => {
        const made = await makeVersion({ functions, artifacts, pace }, wanted);
        // A version that serves, or has been looked at, is not looked at again.
        if (!('prepared' in made) || made.prepared.kept || made.prepared.reused) return made;
        return untilReady({ functions, pace }, made.prepared, PATIENCE);
      }),
    ]);

    const left = progress.flatMap((one) => ('left' in one ? [one] : []));
    const done = {
      functions: left.map((one) => one.left),
      pending: progress.flatMap((one) => ('pending' in one ? [one.pending] : [])),
      prepared: [...batch.prepared, ...progress.flatMap((one) => ('prepared' in one ? [one.prepared] : []))],
    };
    if (left.length === 0 && done.pending.length === 0) return { status: 'done', batch: done };
    const untilTurn = Math.min(...left.map(({ askAgainAt }) => askAgainAt - pace.now()), PAUSE);
    return { status: 'running', batch: done, wait: Math.max(0, Math.ceil(untilTurn / 1_000)) };
  };

/** A zip without a VPC takes a second or so; in a VPC it takes some 25 seconds, a snapshot minutes. */
const PATIENCE = 8_000;
/** Between two looks at what takes long. */
const PAUSE = 5_000;
/** A look right after the update would only see that it is in progress. */
const FIRST_LOOK = 1_000;
const BETWEEN_LOOKS = 250;

interface Ports {
  readonly functions: Functions;
  readonly pace: Clock;
}

async function makeVersion(
  { artifacts, ...ports }: Ports & Pick<PrepareFunctionsPorts, 'artifacts'>,
  wanted: FunctionToPrepare,
): Promise<Progress> {
  const { functions, pace } = ports;
  try {
    const reused = wanted.action === 'reuse-version' ? await reuse(functions, wanted) : undefined;
    const start = wanted.action === 'update-code' && wanted.startsAlias ? await startAlias(ports, wanted) : undefined;
    const version =
      wanted.action === 'reuse-version' ? wanted.version : await prepare(functions, artifacts, { ...wanted, ...start });
    const { logicalId, name, alias, codeSha256, previousVersion } = { ...wanted, ...start };
    const updated = version !== previousVersion;
    const prepared: PreparedFunction = {
      logicalId,
      name,
      alias,
      version,
      codeSha256,
      updated,
      previousVersion,
      ...(wanted.action === 'reuse-version' && { reused: true }),
      ...(wanted.action === 'keep-version' && { kept: true }),
    };
    return reused?.readiness === 'pending' ? { pending: prepared } : { prepared };
  } catch (error) {
    if (!(error instanceof ReleaseError && error.code === 'Throttled')) throw error;
    return { left: wanted, askAgainAt: error instanceof TurnIsLater ? error.askAgainAt : pace.now() + PAUSE };
  }
}

/** Looks at a version until it is ready, or so many milliseconds have passed. */
async function untilReady({ functions, pace }: Ports, made: PreparedFunction, patience: number): Promise<Progress> {
  const { logicalId, name, version } = made;
  const end = pace.now() + patience;
  if (patience > 0) await pace.sleep(FIRST_LOOK);
  for (;;) {
    const found = await functions.read(name, version);
    if (!found) throw functionMissing({ logicalId, name });
    if (found.readiness === 'failed') throw versionFailed({ logicalId, name, version }, found);
    if (found.readiness === 'ready') return { prepared: made };
    if (pace.now() >= end) return { pending: made };
    await pace.sleep(BETWEEN_LOOKS);
  }
}

/**
 * Publishes what a function runs that has no alias yet, and makes the alias there: what serves stays, and there is a
 * version to return to. Run twice, it finds its alias in place.
 *
 * @returns that version, and the revision that the function has now
 */
async function startAlias(
  { functions, pace }: Ports,
  wanted: Action<'update-code'>,
): Promise<{ readonly previousVersion: string; readonly revisionId: string }> {
  const { name, alias } = wanted;
  const [latest, live] = await Promise.all([functions.read(name), functions.read(name, alias)]);
  if (!latest) throw functionMissing(wanted);
  const known = live ? [live.codeSha256, wanted.codeSha256].includes(latest.codeSha256) : isAsRead(latest, wanted);
  if (!known) throw functionChangedByHand(wanted);
  if (live) return { previousVersion: live.version, revisionId: latest.revisionId };
  const published = await functions.publish(name, latest.codeSha256);
  if (published.outcome === 'missing') throw functionMissing(wanted);
  if (published.outcome !== 'done') throw functionChangedByHand(wanted);
  const { version } = published;
  const made = { ...wanted, version, codeSha256: latest.codeSha256, updated: false };
  if ('pending' in (await untilReady({ functions, pace }, made, PATIENCE))) {
    throw new ReleaseError('Throttled', `Lambda is still at work on version ${version} of "${name}"`);
  }
  await functions.moveAlias(name, { alias, version });
  // To publish changes the revision, and nothing of the code.
  const now = await functions.read(name);
  if (now?.codeSha256 !== latest.codeSha256) throw functionChangedByHand(wanted);
  return { previousVersion: version, revisionId: now.revisionId };
}

const isAsRead = ({ revisionId }: FunctionReading, wanted: Action<'update-code'>): boolean =>
  revisionId === wanted.revisionId;

/** @returns the number of the version to shift to. */
async function prepare(
  functions: Functions,
  artifacts: Pick<Artifacts, 'find'>,
  wanted: Exclude<FunctionToPrepare, { action: 'reuse-version' }>,
): Promise<string> {
  if (wanted.action === 'keep-version') return wanted.version;
  let outcome = await attempt(functions, wanted);
  if (outcome.outcome === 'changed-since-read') {
    // Either someone else changed it, or this worker did and was then started again.
    const found = await functions.read(wanted.name);
    if (found?.codeSha256 === wanted.codeSha256) outcome = await functions.publish(wanted.name, wanted.codeSha256);
  }
  switch (outcome.outcome) {
    case 'done':
      if (wanted.action !== 'publish' && outcome.codeSha256 !== wanted.codeSha256)
        throw otherCode(wanted, outcome.codeSha256);
      return outcome.version;
    case 'missing':
      throw functionMissing(wanted);
    case 'changed-since-read':
      throw functionChangedByHand(wanted);
    case 'refused':
      throw await refusal(artifacts, wanted, outcome.reason);
  }
}

/**
 * A version never changes, but Lambda may be at work on it: an alias moves only to one that is ready, and its snapshot
 * is made anew if it has not been used for long (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html).
 */
async function reuse(functions: Functions, wanted: Action<'reuse-version'>): Promise<FunctionReading> {
  const found = await functions.read(wanted.name, wanted.version);
  if (found?.codeSha256 === wanted.codeSha256) {
    if (found.readiness === 'failed') throw versionFailed(wanted, found);
    return found;
  }
  throw new ReleaseError(
    'VersionMissing',
    `version ${wanted.version} of function ${wanted.logicalId} ("${wanted.name}") is gone; roll back once more, ` +
      'which deploys its stored bundle',
  );
}

const attempt = (functions: Functions, wanted: CodeChange): Promise<CodeOutcome> => {
  const { name } = wanted;
  if (wanted.action === 'publish') return functions.publish(name, wanted.codeSha256);
  const code = wanted.action === 'update-code' ? { bundle: wanted.bundle } : { image: wanted.image };
  return functions.updateCode({ name, ...code, revisionId: wanted.revisionId, publish: 'version' });
};

/** @returns the error of a function whose code Lambda reports as other than was asked for. */
function otherCode(wanted: Action<'update-code' | 'update-image'>, found: string): ReleaseError {
  if (wanted.action === 'update-code') return bundleCorrupt(`function ${wanted.logicalId}`, { ...wanted, found });
  return new ReleaseError(
    'FunctionUpdateFailed',
    `function ${wanted.logicalId} ("${wanted.name}") has code of SHA-256 ${found}, not ${wanted.codeSha256}, as was ` +
      'asked for; release again',
  );
}

/** Lambda refuses a bundle in its own words; if the bundle is missing, we can say so better. */
async function refusal(
  artifacts: Pick<Artifacts, 'find'>,
  wanted: FunctionToPrepare,
  reason: string,
): Promise<ReleaseError> {
  const { logicalId, name } = wanted;
  if (wanted.action === 'update-code' && !(await artifacts.find([wanted.bundle])).has(wanted.bundle))
    return bundleMissing(`function ${logicalId}`, wanted.bundle);
  return new ReleaseError(
    'FunctionUpdateFailed',
    `Lambda refused the code of function ${logicalId} ("${name}"): ${reason}`,
  );
}
