import { Choice, Map as MapState, ProvideItems, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { statusIs } from './long-job';
import type { MakeTask } from './service-states';

/**
 * Makes new versions of the functions and waits until they are there. The worker reserves Lambda's control calls; while
 * others have them, it ends, and nothing runs until it is to ask again. No alias moves before all versions are there.
 */
export function prepareStates(scope: Construct, task: MakeTask<'prepareFunctions'>): MapState {
  const prepare = task('Prepare functions', 'prepareFunctions', { payload: { batch: '{% $states.input %}' } });
  const question = Choice.jsonata(scope, 'Versions ready?');
  const turn = Wait.jsonata(scope, 'Wait for turn', {
    time: WaitTime.seconds('{% $states.input.wait %}'),
    outputs: '{% $states.input.batch %}',
  });
  const ready = Succeed.jsonata(scope, 'Versions ready');
  prepare.next(question);
  question.when(statusIs('running'), turn).otherwise(ready);
  turn.next(prepare);

  const batches = MapState.jsonata(scope, 'Prepare versions', {
    items: ProvideItems.jsonata('{% $batches %}'),
    maxConcurrency: 40,
    assign: { prepared: '{% [$states.result.batch.prepared] %}' },
  });
  batches.itemProcessor(prepare);
  return batches;
}
