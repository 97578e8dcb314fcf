import { Chain, Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { longJob, otherwiseOf, statusIs } from './long-job';
import { began, catchAll, type MakeTask, type MakeWait } from './service-states';

/** The workers that a shift needs. */
type ShiftWorker = 'startShift' | 'waitForShift' | 'stopShift' | 'moveAliases';

/**
 * The states that move a service's aliases: all at once, or gradually by CodeDeploy, followed by those that CodeDeploy
 * cannot move.
 *
 * @param restore where to go on when something failed, once every CodeDeploy deployment has ended, so that nothing
 * moves an alias while it is being restored
 * @returns the states, from the beginning of the shift to where all aliases have moved
 */
export function shiftStates(
  scope: Construct,
  { task, waitFor }: { readonly task: MakeTask<ShiftWorker>; readonly waitFor: MakeWait<ShiftWorker> },
  restore: IChainable,
): Chain {
  const begin = Pass.jsonata(scope, 'Begin shift', {
    assign: { marks: began('shift'), atOnce: '{% $prepared %}', moved: [] },
  });
  const howToShift = Choice.jsonata(scope, 'How to shift?');
  const start = task('Start shift', 'startShift', {
    payload: { decision: '{% $decision %}', prepared: '{% $prepared %}' },
    assign: {
      shift: '{% $states.result.shift %}',
      atOnce: '{% $states.result.atOnce %}',
      decision: '{% $states.result.decision %}',
    },
  });
  const wait = waitFor('Wait for shift', 'waitForShift', {
    kind: 'shift',
    job: { shift: '{% $shift %}' },
    assign: {
      shift: '{% $states.result.shift %}',
      kept: '{% $exists($states.result.error) ? [$states.result.moved] : [] %}',
      error: '{% $exists($states.result.error) ? $states.result.error : null %}',
    },
  });
  const gradual = longJob(scope, 'Shift finished?', { start, wait });
  const allShifted = Choice.jsonata(scope, 'All functions shifted?');
  const moveAliases = task('Move aliases', 'moveAliases', {
    payload: { prepared: '{% $atOnce %}', moved: '{% $moved %}' },
    assign: { moved: '{% $states.result.status = "running" ? $states.result.moved : [] %}' },
  });
  const allMoved = Choice.jsonata(scope, 'All aliases moved?');
  const stop = task('Stop shift', 'stopShift');
  const stopped = Choice.jsonata(scope, 'Shift stopped?');

  begin.next(howToShift);
  howToShift
    .when(Condition.jsonata('{% $gradual %}'), gradual, { comment: 'CodeDeploy moves traffic' })
    .otherwise(moveAliases);
  gradual.next(allShifted);
  allShifted.when(Condition.jsonata('{% $error = null %}'), moveAliases).otherwise(stop);

  stop.next(stopped);
  stopped.when(statusIs('done'), restore).otherwise(stop);
  catchAll([start, wait], stop);
  catchAll([moveAliases], restore);
  // The first error is the one to report.
  stop.addCatch(restore, { errors: ['States.ALL'] });
  moveAliases.next(allMoved);
  allMoved.when(statusIs('running'), moveAliases);
  return Chain.custom(begin, otherwiseOf(allMoved), allMoved);
}
