import { Chain, Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { BuildTask } from '../core/contracts/state';
import { type JobWait, longJob, otherwiseOf } from './long-job';
import type { MakeTask, MakeWait } from './service-states';

/** A hook of seed.yml, in a build of its own if it has commands. */
export interface HookStates {
  /** From the question whether it has commands to the end of its build. */
  readonly way: Chain;
  /** The states that fail if the hook does. */
  readonly tasks: readonly (LambdaInvoke | JobWait)[];
}

/** What makes the states of builds. */
export interface BuildStates {
  readonly task: MakeTask<'startBuild' | 'waitForBuild'>;
  readonly waitFor: MakeWait<'startBuild' | 'waitForBuild'>;
}

/**
 * @param when JSONata, true if the hook has commands; without it, whether the variable `hooks` names it
 */
export function hookStates(
  scope: Construct,
  { task, waitFor }: BuildStates,
  hook: Exclude<BuildTask, 'package'>,
  when = `'${hook}' in $hooks`,
): HookStates {
  const start = task(`Start ${hook}`, 'startBuild', {
    payload: { task: hook },
    assign: { hookBuildId: '{% $states.result.buildId %}' },
  });
  const job = { task: hook, buildId: '{% $hookBuildId %}' };
  const wait = waitFor(`Wait for ${hook}`, 'waitForBuild', { kind: 'build', job });
  const build = longJob(scope, `${hook} finished?`, { start, wait });
  const question = Choice.jsonata(scope, `Has ${hook}?`).when(Condition.jsonata(`{% ${when} %}`), build);
  return {
    way: Chain.custom(question, [...build.endStates, ...otherwiseOf(question)], question),
    tasks: [start, wait],
  };
}
