import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Fail,
  IntegrationPattern,
  Map as MapState,
  Pass,
  ProvideItems,
  type StateMachine,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { ROOT } from '../core/contracts/service-path';
import { hookStates } from './hook-states';
import { observedStateMachine } from './observed-state-machine';

export interface ReleaseProps {
  readonly stateMachineName: string;
  readonly plan: Worker;
  readonly finish: Worker;
  /** These two run `after_all`. */
  readonly startBuild: Worker;
  readonly waitForBuild: Worker;
  /** Runs once per service. */
  readonly serviceRelease: StateMachine;
}

/** Brings a commit to a stage: plan, then the services phase by phase, then finish. Input: Release. */
export class Release extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);

    const succeeded = Succeed.jsonata(this, 'Release succeeded');
    const failed = Fail.jsonata(this, 'Release failed', { error: '{% $error.Error %}', cause: '{% $error.Cause %}' });
    const finish = props.finish.task(this, 'Finish', { payload: { release: '{% $release %}' } }).next(succeeded);
    const finishFailed = props.finish.task(this, 'Finish failed release', {
      payload: { release: '{% $release %}', error: '{% $error %}' },
    });
    finishFailed.next(failed);

    const releaseService = StepFunctionsStartExecution.jsonata(this, 'Release service', {
      stateMachine: props.serviceRelease,
      integrationPattern: IntegrationPattern.RUN_JOB,
      name: '{% $states.input.executionName %}',
      input: TaskInput.fromObject({ release: '{% $release %}', service: '{% $states.input.service %}' }),
      outputs: { failed: false },
    });
    // Its neighbours go on; the phase fails once all of them have ended.
    releaseService.addCatch(Pass.jsonata(this, 'Service did not succeed', { outputs: { failed: true } }), {
      errors: ['States.ALL'],
    });
    const services = MapState.jsonata(this, 'Services', {
      items: ProvideItems.jsonata('{% $states.input %}'),
      jsonataMaxConcurrency: '{% $parallel %}',
    });
    services.itemProcessor(releaseService);
    services.next(
      Choice.jsonata(this, 'All services succeeded?')
        .when(
          Condition.jsonata('{% true in [$states.input.failed] %}'),
          Fail.jsonata(this, 'Phase failed', {
            error: 'ServiceFailed',
            cause: 'a service of this phase failed; later phases did not run',
          }),
        )
        .otherwise(Succeed.jsonata(this, 'Phase succeeded')),
    );
    const phases = MapState.jsonata(this, 'Phases', {
      items: ProvideItems.jsonata('{% $phases %}'),
      maxConcurrency: 1,
    });
    phases.itemProcessor(services);
    const afterAll = hookStates(
      this,
      (name, worker, payload, assign) =>
        props[worker].task(this, name, {
          // The whole repository is its subject.
          payload: { release: '{% $release %}', service: { path: ROOT, reasons: [] }, ...payload },
          assign,
        }),
      { hook: 'after_all', when: '$afterAll', next: finish, failed: finishFailed },
    );
    phases.next(afterAll);

    const plan = props.plan.task(this, 'Plan', {
      payload: { release: '{% $states.input %}' },
      assign: {
        release: '{% $states.input %}',
        phases: '{% $states.result.phases %}',
        parallel: '{% $states.result.parallel %}',
        afterAll: '{% $states.result.afterAll %}',
      },
    });
    for (const state of [plan, phases]) {
      state.addCatch(finishFailed, {
        errors: ['States.ALL'],
        assign: { release: '{% $states.context.Execution.Input %}', error: '{% $states.errorOutput %}' },
      });
    }
    this.stateMachine = observedStateMachine(this, {
      name: props.stateMachineName,
      comment: 'Brings a commit to a stage: plan, the services phase by phase, finish',
      start: plan.next(phases),
      timeout: Duration.days(7),
    });
  }
}
