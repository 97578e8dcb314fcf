import { Map as MapState, ProvideItems, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { longJob } from './long-job';
import type { MakeTask } from './service-states';

/**
 * Makes new versions of the functions, batch after batch, as fast as Lambda's control calls let it: each batch waits
 * for its turn. No alias moves before all versions are there.
 */
export function prepareStates(scope: Construct, task: MakeTask<'prepareFunctions' | 'waitForFunctions'>): MapState {
  const turn = Wait.jsonata(scope, 'Wait for turn', { time: WaitTime.seconds('{% $states.input.turn %}') });
  const start = task('Prepare functions', 'prepareFunctions', {
    payload: { batch: '{% $states.input %}' },
    assign: { versions: '{% $states.result.prepared %}' },
  });
  const wait = task('Wait for functions', 'waitForFunctions', { payload: { prepared: '{% $versions %}' } });
  const job = longJob(scope, 'Functions ready?', { start, wait });
  const ready = Succeed.jsonata(scope, 'Versions ready');

  const batches = MapState.jsonata(scope, 'Prepare versions', {
    items: ProvideItems.jsonata('{% $batches %}'),
    maxConcurrency: 40,
    assign: { prepared: '{% [$states.result.prepared] %}' },
  });
  batches.itemProcessor(turn.next(job).next(ready));
  return batches;
}
