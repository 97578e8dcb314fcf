import { Fail } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { OPERATIONS } from '../core/contracts/operations';
import type { MakeTask } from './service-states';

/** The ends of a service whose release failed; the error that stopped it is in the variable `error`. */
export interface FailureStates {
  /** Puts back what the release may have changed, then records. */
  readonly restore: LambdaInvoke;
  /** Records the failure and ends the execution with the error that caused it. */
  readonly record: LambdaInvoke;
}

export function failureStates(scope: Construct, task: MakeTask<'restoreFunctions' | 'recordFailure'>): FailureStates {
  const restore = task('Restore functions', 'restoreFunctions', {
    payload: { error: '{% $error %}', kept: '{% $kept %}' },
  });
  const record = task('Record failure', 'recordFailure', {
    payload: {
      error: '{% $error %}',
      decision: '{% $decision %}',
      prepared: '{% $prepared %}',
      kept: '{% $kept %}',
      marks: '{% $marks %}',
      buildId: '{% $buildId %}',
      buildTimes: '{% $buildTimes %}',
      buildWarning: '{% $buildWarning %}',
    },
  });
  const failed = Fail.jsonata(scope, 'Service failed', {
    comment: `What to do: ${OPERATIONS.failed}`,
    error: '{% $error.Error %}',
    cause: '{% $error.Cause %}',
  });

  restore.next(record).next(failed);
  // The first error is the one to report; what could not be put back is in the worker's log and mended by the next,
  // full release.
  restore.addCatch(record, { errors: ['States.ALL'] });
  record.addCatch(failed, { errors: ['States.ALL'] });
  return { restore, record };
}
