import { Choice, Condition, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { BuildTask } from '../core/contracts/state';
import { longJob } from './long-job';
import { catchAll } from './service-states';

/** Makes a state that runs a worker with release and service, a payload, and variables set from its result. */
type MakeTask = (
  name: string,
  worker: 'startBuild' | 'waitForBuild',
  payload: Record<string, unknown>,
  assign?: Record<string, unknown>,
) => LambdaInvoke;

export interface HookStatesProps {
  readonly hook: Exclude<BuildTask, 'package'>;
  /** JSONata, true if the hook has commands; without it, whether the variable `hooks` names it. */
  readonly when?: string;
  /** Where to go on when its commands have succeeded, or there are none. */
  readonly next: IChainable;
  /** Where to go on when it failed; the error is in the variable `error`. */
  readonly failed: IChainable;
  /** Variables set when it failed. */
  readonly assignOnFailure?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a hook of seed.yml in a build of its own, if it has commands.
 *
 * @returns the first state
 */
export function hookStates(scope: Construct, task: MakeTask, props: HookStatesProps): Choice {
  const { hook, when = `'${hook}' in $hooks`, next, failed, assignOnFailure } = props;
  const started = { hookBuildId: '{% $states.result.buildId %}' };
  const start = task(`Start ${hook}`, 'startBuild', { task: hook }, started);
  const wait = task(`Wait for ${hook}`, 'waitForBuild', { task: hook, buildId: '{% $hookBuildId %}' });
  for (const state of [start, wait]) catchAll(state, failed, assignOnFailure);
  return Choice.jsonata(scope, `Has ${hook}?`)
    .when(Condition.jsonata(`{% ${when} %}`), longJob(scope, `${hook} done?`, { start, wait, next }))
    .otherwise(next);
}
