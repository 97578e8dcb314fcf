import * as z from 'zod';
import type { HookEvent, HookOutcome, HookRun, UserHook } from '../../lib/core/contracts/hook-run';
import type { ShiftStatus } from '../../lib/core/contracts/shift-status';
import type { HookMoment } from '../../lib/core/contracts/started-shift';
import { readDescription } from '../../lib/core/shift/description';
import { judgeHook } from '../../lib/core/shift/judge-hook';
import type { HookRuns } from '../../lib/ports/hook-runs';
import type { Log } from '../../lib/ports/log';
import type { Shifts } from '../../lib/ports/shifts';
import type { UserHooks } from '../../lib/ports/user-hooks';

export interface RunHookPorts {
  /** The moment at which CodeDeploy calls this function. */
  readonly moment: HookMoment;
  readonly shifts: Pick<Shifts, 'statuses' | 'reportHook'>;
  readonly hookRuns: Pick<HookRuns, 'find' | 'record'>;
  readonly userHooks: UserHooks;
  readonly log: Log;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What CodeDeploy sends:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
const HookCall = z.object({ DeploymentId: z.string(), LifecycleEventHookExecutionId: z.string() });

/** What a worker is told of its own invocation. */
const Invocation = z.object({ invokedFunctionArn: z.string() });

/**
 * Runs the user's hook for one moment of a deployment, and stores the outcome in the table of hooks. It does not report
 * to CodeDeploy: `Wait for shift` does, when the hooks of all functions that move as one have passed. (A hook in the
 * old style reports itself, so there is nothing left to report.) If called twice for one execution, the first call
 * counts.
 */
export const runHook =
  ({ moment, shifts, hookRuns, userHooks, log, now }: RunHookPorts) =>
  async (event: unknown, context: unknown): Promise<void> => {
    const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: executionId } = HookCall.parse(event);
    const { invokedFunctionArn } = Invocation.parse(context);
    const [deployment] = await shifts.statuses([deploymentId]);
    const call = { moment, deploymentId, executionId };
    if (deployment?.isRollback) {
      // Nothing may keep an alias from going back, and nobody waits for a rollback's hooks.
      await shifts.reportHook({ deploymentId, executionId, status: 'Succeeded' });
      log.info('let a rollback go on', call);
      return;
    }
    const run = deployment && (await findRun(hookRuns, deployment));
    if (!run) {
      log.warn('no release waits for this hook', { ...call, status: deployment?.status });
      return;
    }

    const record = (outcome: Pick<HookOutcome, 'status' | 'reason'>): Promise<boolean> =>
      hookRuns.record(run, moment, { deploymentId, executionId, at: new Date(now()).toISOString(), ...outcome });
    const hook = run.hooks[moment];
    if (!hook) {
      await record({ status: 'passed' });
      return;
    }
    if (!(await record({ status: 'running' }))) {
      log.warn('this hook has been called before', call);
      return;
    }
    const outcome = await callHook(userHooks, hook, hookEvent(run, { ...call, invokedFunctionArn }));
    const isKept = await record(outcome);
    log.info('ran a hook', { ...call, releaseId: run.releaseId, hook, ...outcome, isKept });
  };

/** @returns the run of a deployment under way, unless another release has prepared a new one meanwhile. */
async function findRun(hookRuns: Pick<HookRuns, 'find'>, deployment: ShiftStatus): Promise<HookRun | undefined> {
  if (deployment.status !== 'running') return undefined;
  const run = await hookRuns.find(deployment.application, deployment.group);
  return run?.releaseId === readDescription(deployment.description)?.release.id ? run : undefined;
}

async function callHook(
  userHooks: UserHooks,
  hook: UserHook,
  event: HookEvent,
): Promise<Pick<HookOutcome, 'status' | 'reason'>> {
  try {
    return judgeHook(hook, await userHooks.call(hook, event));
  } catch (error) {
    // Whatever it is, the release learns of it now instead of timing out later.
    return { status: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

interface CallOfRun {
  readonly moment: HookMoment;
  readonly deploymentId: string;
  readonly executionId: string;
  /** ARN of this worker, in the target's account and Region. */
  readonly invokedFunctionArn: string;
}

const hookEvent = (run: HookRun, { moment, deploymentId, executionId, invokedFunctionArn }: CallOfRun): HookEvent => ({
  DeploymentId: deploymentId,
  LifecycleEventHookExecutionId: executionId,
  lifecycleEvent: moment,
  app: run.app,
  stage: run.stage,
  service: run.service,
  release: run.releaseId,
  commit: run.commit,
  functionName: run.function.name,
  alias: run.function.alias,
  version: run.function.targetVersion,
  versionArn: `${functionPrefix(invokedFunctionArn)}${run.function.name}:${run.function.targetVersion}`,
  previousVersion: run.function.currentVersion,
});

/** @returns `arn:aws:lambda:<region>:<account>:function:`. */
const functionPrefix = (arn: string): string => `${arn.split(':').slice(0, 6).join(':')}:`;
