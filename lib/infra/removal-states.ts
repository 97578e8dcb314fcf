import { Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type HookStates, hookStates } from './hook-states';
import { longJob, statusIs } from './long-job';
import { began, catchAll, type MakeTask, type MakeWait } from './service-states';

/** The workers that a removal needs. */
export type RemovalWorker =
  | 'prepareRemoval'
  | 'startBuild'
  | 'waitForBuild'
  | 'removeShifts'
  | 'emptyBuckets'
  | 'startStackDeletion'
  | 'waitForStack'
  | 'verifyRemoval'
  | 'recordRemoval';

/** A hook cannot run without its code; a stage whose branch or repository is gone must still be removable. */
const CODE_GONE = ['BranchNotFound', 'CommitNotFound', 'RepositoryNotFound'];

/**
 * The states that remove a service: its CodeDeploy groups, the contents of its buckets, its stack, and finally its
 * recorded state. Each is safe to repeat: whatever is gone is skipped. A failed deletion is retried once.
 *
 * @param failed where to go on when something failed; the error is in the variable `error`
 * @returns the first state; the last one ends the execution
 */
export function removalStates(
  scope: Construct,
  { task, waitFor }: { readonly task: MakeTask<RemovalWorker>; readonly waitFor: MakeWait<RemovalWorker> },
  failed: IChainable,
): IChainable {
  const removal = '{% $removal %}';
  const attempt = '{% $attempt %}';
  const deleted = '{% $deleted %}';

  const begin = Pass.jsonata(scope, 'Begin removal', {
    assign: { marks: '{% {"deploy": $millis()} %}', attempt: 1, deleted: 0, hookError: null },
  });
  const prepare = task('Prepare removal', 'prepareRemoval', {
    assign: { removal: '{% $states.result %}', hooks: '{% $states.result.hooks %}' },
  });
  const beforeRemove = hookStates(scope, { task, waitFor }, 'before_remove');
  const removeShifts = task('Remove shifts', 'removeShifts');
  const shiftsRemoved = Choice.jsonata(scope, 'Shifts removed?');
  const empty = task('Empty buckets', 'emptyBuckets', {
    payload: { removal, deleted },
    assign: { deleted: '{% $states.result.deleted %}' },
  });
  const bucketsDone = Choice.jsonata(scope, 'Buckets empty?');
  const start = task('Start stack deletion', 'startStackDeletion', {
    payload: { removal, attempt },
    assign: { operation: '{% $states.result %}' },
  });
  const wait = waitFor('Wait for stack deletion', 'waitForStack', {
    kind: 'stack',
    job: { operation: '{% $operation %}' },
  });
  const deletion = longJob(scope, 'Stack deleted?', { start, wait });
  const verify = task('Verify removal', 'verifyRemoval', { payload: { removal, attempt } });
  const stackGone = Choice.jsonata(scope, 'Stack gone?');
  const again = Pass.jsonata(scope, 'Try deletion again', { assign: { attempt: '{% $attempt + 1 %}' } });
  const afterRemove = hookStates(scope, { task, waitFor }, 'after_remove');
  const record = task('Record removal', 'recordRemoval', {
    payload: { removal, deleted, hookError: '{% $hookError %}', marks: began('record') },
  });

  begin.next(prepare).next(beforeRemove.way).next(removeShifts).next(shiftsRemoved);
  shiftsRemoved.when(statusIs('running'), removeShifts).otherwise(empty);
  empty.next(bucketsDone);
  bucketsDone.when(statusIs('running'), empty).otherwise(deletion);
  deletion.next(verify).next(stackGone);
  stackGone.when(statusIs('there'), again).otherwise(afterRemove.way);
  again.next(empty);
  afterRemove.way.next(record);

  catchAll([prepare, removeShifts, empty, start, wait, verify, record], failed);
  // A hook whose code is gone is skipped and reported.
  const unlessCodeGone = (name: string, { tasks }: HookStates, next: IChainable) => {
    const codeGone = Choice.jsonata(scope, `Is the code of ${name} gone?`);
    const goOn = Pass.jsonata(scope, `Continue without ${name}`, { assign: { hookError: '{% $error %}' } });
    codeGone.when(Condition.jsonata(`{% $error.Error in ${JSON.stringify(CODE_GONE)} %}`), goOn).otherwise(failed);
    goOn.next(next);
    catchAll(tasks, codeGone);
  };
  unlessCodeGone('before_remove', beforeRemove, removeShifts);
  unlessCodeGone('after_remove', afterRemove, record);
  return begin;
}
