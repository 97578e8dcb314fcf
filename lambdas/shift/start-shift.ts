import { callerOf } from '../../lib/core/contracts/call-reservations';
import { applicationName, groupName } from '../../lib/core/contracts/code-deploy-names';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { HookRun, UserHook } from '../../lib/core/contracts/hook-run';
import { hasStack, type Manifest } from '../../lib/core/contracts/manifest';
import { type PreparedFunction, StartShiftInput, type StartShiftOutput } from '../../lib/core/contracts/payloads';
import { codeDeployRoleOf, type Release } from '../../lib/core/contracts/release';
import type { PlannedShift } from '../../lib/core/contracts/shift-plan';
import { HOOK_MOMENTS, type ShiftingFunction } from '../../lib/core/contracts/started-shift';
import { describeShift, readDescription } from '../../lib/core/shift/description';
import { askedShift, hooksOf } from '../../lib/core/shift/plan-shifts';
import { aliasedFunctions } from '../../lib/core/template/not-aliased';
import { nameSome } from '../../lib/core/text/name-some';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { ShiftGroup, ShiftStatus } from '../../lib/ports/shifts';
import type { TargetPorts, TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { readManifest } from '../../lib/release/packages/read-packages';
import { readTemplate } from '../../lib/release/packages/read-template';
import { checkAlarms } from '../../lib/release/shift/check-alarms';
import { type PhysicalIds, readPhysicalIds, resolveReference, wishOf } from '../../lib/release/shift/service-shift';
import { type GradualMove, splitMoves } from './split-moves';

export interface StartShiftPorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf;
  readonly log: Log;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/** How long the table of hooks remembers a shift: longer than CodeDeploy lets one take (50 hours). */
const REMEMBERED = 14 * 24 * 60 * 60;

/**
 * Starts one CodeDeploy deployment for each function that shifts gradually. None of them moves any traffic before `Wait
 * for shift` lets it. What an earlier shift may have left is cleared first: deployments under way are stopped, and
 * weights removed. Run twice, it answers the deployments that it started the first time.
 *
 * @throws ReleaseError `AlarmMissing`, `AlarmActive` or `ShiftRefused` before any traffic moves; `ShiftBusy`, which is
 * tried again, while leftovers are being stopped
 */
export const startShift =
  ({ states, artifacts, target, log, now }: StartShiftPorts) =>
  async (event: unknown): Promise<StartShiftOutput> => {
    const { release, service, decision, prepared } = StartShiftInput.parse(event);
    const ports = target(release.target, callerOf(release));
    const state = states.find(release, service.path);
    const manifest = await readManifest(artifacts, { release, service, state });
    const application = applicationName(release, service.path);
    const functions = hasStack(manifest)
      ? aliasedFunctions(await readTemplate(artifacts, manifest), manifest.alias)
      : Object.keys(manifest.functions);
    const asked = askedOfAll(release, manifest, functions);
    const [ids, open, moves] = await Promise.all([
      readPhysicalIds(ports.stacks, manifest, asked),
      ports.shifts.open(application),
      splitMoves(ports.functions, { release, manifest, planned: decision.shifts ?? [], prepared }),
    ]);
    const ours = await clearLeftovers(ports, { release, application, open });
    const moving = new Set(moves.gradual.map(({ logicalId }) => logicalId));
    const groups = asked.map((one) => shiftGroup(one, { release, manifest, ids }));
    await checkAlarms(
      ports.alarms,
      groups.flatMap(({ logicalId, alarms }) =>
        moving.has(logicalId) ? alarms.map((alarm) => ({ logicalId, alarm })) : [],
      ),
    );

    const fresh = moves.gradual.filter(({ logicalId }) => !ours.has(groupName(logicalId)));
    const subject = { release, service: service.path, manifest, application, ids };
    const expiresAt = Math.floor(now() / 1_000) + REMEMBERED;
    await Promise.all([
      ports.shifts.ensureGroups(application, groups),
      ports.hookRuns.prepare(fresh.map((one) => hookRun(one, { ...subject, prepared, expiresAt }))),
    ]);
    const started = await allOrFirstError(
      moves.gradual.map(async (one): Promise<ShiftingFunction> => {
        const { logicalId, name } = one;
        const deploymentId = ours.get(groupName(logicalId)) ?? (await start(ports, one, subject));
        return { logicalId, name, group: groupName(logicalId), deploymentId, allowed: [] };
      }),
    );
    log.info('started a shift', { releaseId: release.id, service: service.path, deployments: started });
    const { unit, hookTimeout } = manifest.shift;
    return {
      shift: { application, unit, hookTimeout, functions: started },
      atOnce: [...moves.atOnce],
      decision: { ...decision, shifts: [...moves.shifts] },
    };
  };

/** Groups are kept for every function that may ever shift, not just for those that move now. */
function askedOfAll(release: Release, manifest: Manifest, functions: readonly string[]): readonly PlannedShift[] {
  const stage = { name: release.stage, shift: release.shift };
  const hooks = hooksOf(manifest.shift);
  return functions.flatMap((logicalId) => {
    const asked = askedShift(logicalId, { settings: manifest.shift, stage });
    return !asked || 'problem' in asked || hooks.has(logicalId) ? [] : [{ logicalId, shift: asked.shift }];
  });
}

interface Subject {
  readonly release: Release;
  readonly service: string;
  readonly manifest: Manifest;
  readonly application: string;
  readonly ids: PhysicalIds;
}

/**
 * A group has one deployment at a time, and CodeDeploy refuses an alias with a weight on it.
 * @returns the deployments of this very release, by group
 */
async function clearLeftovers(
  { shifts }: Pick<TargetPorts, 'shifts'>,
  { release, application, open }: { readonly open: readonly ShiftStatus[] } & Pick<Subject, 'release' | 'application'>,
): Promise<ReadonlyMap<string, string>> {
  const here = open.filter((one) => one.application === application);
  const ownerOf = ({ description, isRollback }: ShiftStatus) => (isRollback ? undefined : readDescription(description));
  const ours = here.filter((one) => ownerOf(one)?.release.id === release.id);
  const others = here.filter((one) => !ours.includes(one));
  if (others.length === 0) return new Map(ours.map((one) => [one.group, one.deploymentId]));
  await Promise.all(
    others.filter(({ isRollback }) => !isRollback).map(({ deploymentId }) => shifts.stop(deploymentId)),
  );
  const what = nameSome(others.map(({ deploymentId, group }) => `${deploymentId} of ${group}`));
  throw new ReleaseError('ShiftBusy', `CodeDeploy still has deployments of application "${application}": ${what}`);
}

function shiftGroup(
  { logicalId, shift }: PlannedShift,
  { release, manifest, ids }: Pick<Subject, 'release' | 'manifest' | 'ids'>,
): ShiftGroup & { readonly logicalId: string } {
  const { alarms, triggers } = wishOf(manifest, logicalId);
  return {
    logicalId,
    group: groupName(logicalId),
    shift,
    // What has no physical name has a Condition that does not hold in this stage.
    alarms: alarms.flatMap((alarm) => resolveReference(alarm, ids) ?? []),
    triggers: triggers.flatMap(({ name, events, topic }) => {
      const topicArn = resolveReference(topic, ids);
      return topicArn === undefined ? [] : [{ name, events, topicArn }];
    }),
    roleArn: codeDeployRoleOf(release.target),
  };
}

function hookRun(
  { logicalId, name, currentVersion, version }: GradualMove,
  {
    release,
    service,
    manifest,
    application,
    ids,
    prepared,
    expiresAt,
  }: Subject & { readonly prepared: readonly PreparedFunction[]; readonly expiresAt: number },
): HookRun {
  const { preTrafficHook, postTrafficHook } = wishOf(manifest, logicalId);
  /** A hook that this release changed runs its new code: its alias has not moved yet. */
  const userHook = (hookId: string | undefined): UserHook | undefined => {
    if (hookId === undefined) return undefined;
    const hookName = ids[hookId];
    if (hookName === undefined) throw hookMissing(logicalId, hookId);
    const version = prepared.find((one) => one.logicalId === hookId)?.version;
    return { logicalId: hookId, name: hookName, qualifier: version ?? manifest.alias };
  };
  return {
    application,
    group: groupName(logicalId),
    releaseId: release.id,
    expiresAt,
    app: release.app,
    stage: release.stage,
    service,
    commit: release.commit,
    function: { logicalId, name, alias: manifest.alias, currentVersion, targetVersion: version },
    hooks: { BeforeAllowTraffic: userHook(preTrafficHook), AfterAllowTraffic: userHook(postTrafficHook) },
    moments: {},
  };
}

const hookMissing = (logicalId: string, hookId: string): ReleaseError =>
  new ReleaseError(
    'ShiftRefused',
    `function ${hookId}, a hook of ${logicalId}, is not in this stage; remove its Condition, or remove it from ` +
      'deploymentSettings',
  );

async function start(
  { shifts }: Pick<TargetPorts, 'shifts'>,
  { logicalId, name, currentVersion, version }: GradualMove,
  { release, service, manifest, application }: Subject,
): Promise<string> {
  const request = {
    group: groupName(logicalId),
    functionName: name,
    alias: manifest.alias,
    currentVersion,
    targetVersion: version,
    hooks: HOOK_MOMENTS,
    description: describeShift({ release, service, logicalId }),
  };
  const outcome = await shifts.start(application, request);
  if (outcome !== 'busy') return outcome.deploymentId;
  throw new ReleaseError(
    'ShiftBusy',
    `function ${logicalId} ("${name}") already has a CodeDeploy deployment under way`,
  );
}
