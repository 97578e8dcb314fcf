import { Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { hookStates } from './hook-states';
import { longJob } from './long-job';
import { began, catchAll } from './service-states';

/** The workers that only removals need. */
export type RemovalWorker =
  | 'prepareRemoval'
  | 'removeShifts'
  | 'emptyBuckets'
  | 'startStackDeletion'
  | 'verifyRemoval'
  | 'recordRemoval';

/** Makes a state that runs a worker with release and service, a payload, and variables set from its result. */
type MakeTask = (
  name: string,
  worker: RemovalWorker | 'waitForStack' | 'startBuild' | 'waitForBuild',
  payload?: Record<string, unknown>,
  assign?: Record<string, unknown>,
) => LambdaInvoke;

/** Without its code a hook cannot run; that must not keep a stage for ever whose branch or repository is gone. */
const CODE_GONE = ['BranchNotFound', 'CommitNotFound', 'RepositoryNotFound'];

/**
 * The states that remove a service: what moves its aliases, the contents of its buckets, its stack, and at last what is
 * known of it. Each may be run again: what is gone is passed over. A deletion that fails is tried once more.
 *
 * @param failed where to go on when something failed; the error is in the variable `error`
 * @returns the first state
 */
export function removalStates(scope: Construct, task: MakeTask, failed: IChainable): IChainable {
  const removal = '{% $removal %}';
  const attempt = '{% $attempt %}';

  const record = task('Record removal', 'recordRemoval', {
    ...{ removal, deleted: '{% $deleted %}', hookError: '{% $hookError %}' },
    marks: began('record'),
  });
  const unlessCodeGone = (hook: 'before_remove' | 'after_remove', next: IChainable) => {
    const goOn = Pass.jsonata(scope, `Go on without ${hook}`, { assign: { hookError: '{% $error %}' } }).next(next);
    return Choice.jsonata(scope, `Code of ${hook} gone?`)
      .when(Condition.jsonata(`{% $error.Error in ${JSON.stringify(CODE_GONE)} %}`), goOn)
      .otherwise(failed);
  };
  const hook = (name: 'before_remove' | 'after_remove', next: IChainable) =>
    hookStates(scope, task, { hook: name, next, failed: unlessCodeGone(name, next) });
  const afterRemove = hook('after_remove', record);

  const verify = task('Verify removal', 'verifyRemoval', { removal, attempt });
  const start = task(
    'Start stack deletion',
    'startStackDeletion',
    { removal, attempt },
    { operation: '{% $states.result %}' },
  );
  const wait = task('Wait for stack deletion', 'waitForStack', { operation: '{% $operation %}' });
  const deletion = longJob(scope, 'Stack deleted?', { start, wait, next: verify });

  const empty = task(
    'Empty buckets',
    'emptyBuckets',
    { removal, deleted: '{% $deleted %}' },
    { deleted: '{% $states.result.deleted %}' },
  );
  const again = Pass.jsonata(scope, 'Delete once more', { assign: { attempt: '{% $attempt + 1 %}' } }).next(empty);
  verify.next(Choice.jsonata(scope, 'Stack gone?').when(is('there'), again).otherwise(afterRemove));
  empty.next(Choice.jsonata(scope, 'Buckets done?').when(is('running'), empty).otherwise(deletion));

  const removeShifts = task('Remove shifts', 'removeShifts');
  removeShifts.next(Choice.jsonata(scope, 'Shifts removed?').when(is('running'), removeShifts).otherwise(empty));

  const beforeRemove = hook('before_remove', removeShifts);

  const prepare = task(
    'Prepare removal',
    'prepareRemoval',
    {},
    { removal: '{% $states.result %}', hooks: '{% $states.result.hooks %}' },
  );
  prepare.next(beforeRemove);
  for (const state of [prepare, removeShifts, empty, start, wait, verify, record]) catchAll(state, failed);
  return Pass.jsonata(scope, 'Begin removal', {
    assign: { marks: '{% {"deploy": $millis()} %}', attempt: 1, deleted: 0, hookError: null },
  }).next(prepare);
}

const is = (status: string): Condition => Condition.jsonata(`{% $states.input.status = '${status}' %}`);
