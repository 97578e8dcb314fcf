import { Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { longJob } from './long-job';
import { began, catchAll } from './service-states';

/** Makes a state that runs a worker with release and service, a payload, and variables set from its result. */
type MakeTask = (
  name: string,
  worker: 'startShift' | 'waitForShift' | 'stopShift' | 'moveAliases',
  payload?: Record<string, unknown>,
  assign?: Record<string, unknown>,
) => LambdaInvoke;

/**
 * The states that move a service's aliases: all at once, or by CodeDeploy, and then those that it cannot move. If that
 * fails, CodeDeploy is stopped first: nothing may move an alias behind the back of who restores it.
 *
 * @param next where to go on when all have moved; `restore`: when something failed, after all of CodeDeploy has ended
 * @returns the first state
 */
export function shiftStates(
  scope: Construct,
  task: MakeTask,
  { next, restore }: { readonly next: IChainable; readonly restore: IChainable },
): IChainable {
  const moveAliases = task('Move aliases', 'moveAliases', { prepared: '{% $atOnce %}' });
  moveAliases.next(next);
  const stop = task('Stop shift', 'stopShift');
  const isStopped = Condition.jsonata(`{% $states.input.status = 'done' %}`);
  stop.next(Choice.jsonata(scope, 'Shift stopped?').when(isStopped, restore).otherwise(stop));

  const start = task(
    'Start shift',
    'startShift',
    { decision: '{% $decision %}', prepared: '{% $prepared %}' },
    {
      shift: '{% $states.result.shift %}',
      atOnce: '{% $states.result.atOnce %}',
      decision: '{% $states.result.decision %}',
    },
  );
  const wait = task(
    'Wait for shift',
    'waitForShift',
    { shift: '{% $shift %}' },
    {
      shift: '{% $states.result.shift %}',
      kept: '{% $exists($states.result.error) ? [$states.result.moved] : [] %}',
      error: '{% $exists($states.result.error) ? $states.result.error : null %}',
    },
  );
  const gradual = longJob(scope, 'Shift done?', {
    start,
    wait,
    next: Choice.jsonata(scope, 'All functions shifted?')
      .when(Condition.jsonata('{% $error = null %}'), moveAliases)
      .otherwise(stop),
  });
  for (const state of [start, wait]) catchAll(state, stop);
  catchAll(moveAliases, restore);
  // The first error is the one to report.
  stop.addCatch(restore, { errors: ['States.ALL'] });
  return Pass.jsonata(scope, 'Begin shift', { assign: { marks: began('shift'), atOnce: '{% $prepared %}' } }).next(
    Choice.jsonata(scope, 'How to shift?')
      .when(Condition.jsonata('{% $gradual %}'), gradual, { comment: 'CodeDeploy moves traffic' })
      .otherwise(moveAliases),
  );
}
