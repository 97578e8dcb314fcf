import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
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
import { OPERATIONS } from '../core/contracts/operations';
import { ROOT } from '../core/contracts/service-path';
import { hookStates } from './hook-states';
import { observedStateMachine } from './observed-state-machine';
import { catchAll, tasksOf, waitsOf } from './service-states';

export interface ReleaseProps {
  readonly stateMachineName: string;
  readonly workers: Readonly<Record<'plan' | 'startBuild' | 'waitForBuild' | 'finish', Worker>>;
  /** Runs once per service. */
  readonly serviceRelease: StateMachine;
  /** Looks after all that the services wait for. */
  readonly watcher: StateMachine;
  /** Where the watcher finds what is waited for. */
  readonly stateTable: ITable;
}

/** Brings a commit to a stage: plan, then the services phase by phase, then finish. Input: Release. */
export class Release extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { stateMachineName, workers, serviceRelease, watcher, stateTable } = props;

    const plan = workers.plan.task(this, 'Plan', {
      payload: { release: '{% $states.input %}' },
      assign: {
        release: '{% $states.input %}',
        phases: '{% $states.result.phases %}',
        parallel: '{% $states.result.parallel %}',
        afterAll: '{% $states.result.afterAll %}',
      },
    });
    const anythingToDo = Choice.jsonata(this, 'Anything to do?');
    // Beside the release, which neither waits for it nor fails with it: without a watcher services look for themselves.
    const startWatcher = StepFunctionsStartExecution.jsonata(this, 'Start watcher', {
      stateMachine: watcher,
      name: '{% $states.context.Execution.Name %}',
      input: TaskInput.fromObject({ release: '{% $release %}' }),
    });
    const phases = MapState.jsonata(this, 'Phases', {
      items: ProvideItems.jsonata('{% $phases %}'),
      maxConcurrency: 1,
    });
    phases.itemProcessor(this.phase(serviceRelease));
    // The whole repository is the subject of this hook.
    const hookTask = tasksOf(this, workers, { path: ROOT, reasons: [] });
    const waitFor = waitsOf(this, hookTask, { table: stateTable, path: `'${ROOT}'` });
    const afterAll = hookStates(this, { task: hookTask, waitFor }, 'after_all', '$afterAll');
    const finish = workers.finish.task(this, 'Finish', { payload: { release: '{% $release %}' } });
    const succeeded = Succeed.jsonata(this, 'Release succeeded');

    const finishFailed = workers.finish.task(this, 'Finish failed release', {
      payload: { release: '{% $release %}', error: '{% $error %}' },
    });
    const failed = Fail.jsonata(this, 'Release failed', {
      comment: WHAT_TO_DO,
      error: '{% $error.Error %}',
      cause: '{% $error.Cause %}',
    });

    const way = plan.next(anythingToDo);
    anythingToDo.when(Condition.jsonata('{% $count($phases) > 0 or $afterAll %}'), startWatcher).otherwise(finish);
    startWatcher.addCatch(phases, { errors: ['States.ALL'] });
    startWatcher.next(phases).next(afterAll.way).next(finish).next(succeeded);
    finishFailed.next(failed);
    catchAll([plan, phases], finishFailed, { release: '{% $states.context.Execution.Input %}' });
    catchAll(afterAll.tasks, finishFailed);

    this.stateMachine = observedStateMachine(this, {
      name: stateMachineName,
      comment: 'Brings a commit to a stage: plan, the services phase by phase, finish',
      start: way,
      timeout: Duration.days(7),
    });
  }

  /**
   * The services of one phase, side by side. If one fails, its neighbours go on; the phase fails once all have ended.
   */
  private phase(serviceRelease: StateMachine): MapState {
    const services = MapState.jsonata(this, 'Services', {
      items: ProvideItems.jsonata('{% $states.input %}'),
      jsonataMaxConcurrency: '{% $parallel %}',
    });
    const releaseService = StepFunctionsStartExecution.jsonata(this, 'Release service', {
      stateMachine: serviceRelease,
      integrationPattern: IntegrationPattern.RUN_JOB,
      name: '{% $states.input.executionName %}',
      input: TaskInput.fromObject({ release: '{% $release %}', service: '{% $states.input.service %}' }),
      outputs: { failed: false },
    });
    const noted = Pass.jsonata(this, 'Service did not succeed', { outputs: { failed: true } });
    releaseService.addCatch(noted, { errors: ['States.ALL'] });
    services.itemProcessor(releaseService);

    const question = Choice.jsonata(this, 'All services succeeded?');
    const failed = Fail.jsonata(this, 'Phase failed', {
      comment: WHAT_TO_DO,
      error: 'ServiceFailed',
      cause: 'a service of this phase failed; later phases did not run',
    });
    const succeeded = Succeed.jsonata(this, 'Phase succeeded');
    services.next(question);
    question.when(Condition.jsonata('{% true in [$states.input.failed] %}'), failed).otherwise(succeeded);
    return services;
  }
}

const WHAT_TO_DO = `What to do: ${OPERATIONS.failed}`;
