import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Map as MapState,
  Pass,
  ProvideItems,
  type StateMachine,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { hookStates } from './hook-states';
import { longJob } from './long-job';
import { observedStateMachine } from './observed-state-machine';
import { type RemovalWorker, removalStates } from './removal-states';
import { began, catchAll } from './service-states';
import { shiftStates } from './shift-states';

export interface ServiceReleaseProps {
  readonly stateMachineName: string;
  readonly workers: Readonly<Record<ServiceReleaseWorker, Worker>>;
}

export type ServiceReleaseWorker =
  | RemovalWorker
  | 'startBuild'
  | 'waitForBuild'
  | 'takePackage'
  | 'decide'
  | 'startStackUpdate'
  | 'waitForStack'
  | 'readFunctions'
  | 'prepareFunctions'
  | 'waitForFunctions'
  | 'restoreFunctions'
  | 'startShift'
  | 'waitForShift'
  | 'stopShift'
  | 'moveAliases'
  | 'putCodeBack'
  | 'record'
  | 'recordFailure';

/** Brings one service to a stage: build → deploy → shift → record; or removes it from one. Input: ServiceReleaseInput. */
export class ServiceRelease extends Construct {
  readonly stateMachine: StateMachine;
  private readonly workers: ServiceReleaseProps['workers'];

  constructor(scope: Construct, id: string, props: ServiceReleaseProps) {
    super(scope, id);
    this.workers = props.workers;

    const record = this.task('Record', 'record', {
      decision: '{% $decision %}',
      prepared: '{% $prepared %}',
      marks: began('record'),
      buildId: '{% $buildId %}',
    });
    const fail = this.fail();
    const restoreAndFail = this.restore(fail);
    const putCodeBack = this.task('Put code back', 'putCodeBack', { prepared: '{% $prepared %}' });
    putCodeBack.next(record);
    const makeTask = (...state: Parameters<typeof this.task>) => this.task(...state);
    // What serves stays, and is recorded: to go back would undo what the hook may have begun to announce.
    const kept = { kept: '{% [$prepared.logicalId] %}' };
    const after = { hook: 'after_deploy', next: record, failed: fail, assignOnFailure: kept } as const;
    const afterDeploy = hookStates(this, makeTask, after);
    const afterShift = Choice.jsonata(this, 'Versions of before?')
      .when(Condition.jsonata('{% true in [$prepared.reused] %}'), putCodeBack, {
        comment: 'a rollback moved back',
      })
      .otherwise(afterDeploy);
    const shift = shiftStates(this, makeTask, { next: afterShift, restore: restoreAndFail });
    const prepare = this.prepare(shift);

    const readFunctions = this.task(
      'Read functions',
      'readFunctions',
      {},
      {
        batches: '{% $states.result.batches %}',
      },
    );
    const startStackUpdate = this.task(
      'Start stack update',
      'startStackUpdate',
      {},
      { operation: '{% $states.result %}' },
    );
    const waitForStack = this.task('Wait for stack', 'waitForStack', { operation: '{% $operation %}' });
    const full = longJob(this, 'Stack done?', {
      start: startStackUpdate,
      wait: waitForStack,
      startAgainOn: 'deleted',
      next: readFunctions.next(prepare),
    });

    const decide = this.task(
      'Decide',
      'decide',
      {},
      {
        decision: '{% $states.result.decision %}',
        batches: '{% $states.result.batches %}',
        gradual: '{% $states.result.gradual %}',
        hooks: '{% $states.result.hooks %}',
      },
    );
    const deploy = Choice.jsonata(this, 'How to deploy?')
      .when(decided('skip'), record, { comment: 'nothing changed' })
      .when(decided('incremental'), prepare, { comment: 'only function code changed' })
      .otherwise(full);
    // Nothing has been touched yet. Decide names no hooks if nothing will be.
    decide.next(hookStates(this, makeTask, { hook: 'before_deploy', next: deploy, failed: fail }));

    const startBuild = this.task('Start build', 'startBuild', {}, { buildId: '{% $states.result.buildId %}' });
    const waitForBuild = this.task('Wait for build', 'waitForBuild', { buildId: '{% $buildId %}' });
    const beginDeploy = Pass.jsonata(this, 'Begin deploy', { assign: { marks: began('deploy') } }).next(decide);
    const build = longJob(this, 'Build done?', { start: startBuild, wait: waitForBuild, next: beginDeploy });

    const takePackage = this.task('Take stored package', 'takePackage');
    takePackage.next(beginDeploy);

    for (const state of [startBuild, waitForBuild, takePackage, decide, record]) catchAll(state, fail);
    // The aliases stay where the rollback has moved them, and are recorded there.
    catchAll(putCodeBack, fail, kept);
    for (const state of [startStackUpdate, waitForStack, readFunctions, prepare]) catchAll(state, restoreAndFail);

    const removal = removalStates(this, makeTask, fail);
    const begin = Pass.jsonata(this, 'Begin build', {
      assign: {
        release: '{% $states.input.release %}',
        service: '{% $states.input.service %}',
        marks: '{% {"build": $millis()} %}',
        buildId: null,
        decision: null,
        prepared: [],
        kept: [],
        hooks: [],
      },
    });
    this.stateMachine = observedStateMachine(this, {
      name: props.stateMachineName,
      comment: 'Brings one service to a stage: build, deploy, shift, record',
      start: begin.next(
        Choice.jsonata(this, 'Build?')
          .when(Condition.jsonata('{% $exists($release.rollback) %}'), takePackage, { comment: 'a rollback' })
          .when(Condition.jsonata('{% $exists($release.remove) %}'), removal, { comment: 'the stage goes' })
          .otherwise(build),
      ),
      timeout: LONGEST_SERVICE,
    });
  }

  private task(
    name: string,
    worker: ServiceReleaseWorker,
    payload: Record<string, unknown> = {},
    assign?: Record<string, unknown>,
  ): LambdaInvoke {
    return this.workers[worker].task(this, name, {
      payload: { release: '{% $release %}', service: '{% $service %}', ...payload },
      assign,
    });
  }

  /** Makes new versions of the functions, a batch a second; no alias moves before all are there. */
  private prepare(next: IChainable): MapState {
    const start = this.task(
      'Prepare functions',
      'prepareFunctions',
      { batch: '{% $states.input %}' },
      {
        versions: '{% $states.result.prepared %}',
      },
    );
    const wait = this.task('Wait for functions', 'waitForFunctions', { prepared: '{% $versions %}' });
    const turn = Wait.jsonata(this, 'Wait for turn', { time: WaitTime.seconds('{% $states.input.turn %}') });
    const map = MapState.jsonata(this, 'Prepare versions', {
      items: ProvideItems.jsonata('{% $batches %}'),
      maxConcurrency: 40,
      assign: { prepared: '{% [$states.result.prepared] %}' },
    });
    map.itemProcessor(
      turn.next(longJob(this, 'Functions ready?', { start, wait, next: Succeed.jsonata(this, 'Versions ready') })),
    );
    map.next(next);
    return map;
  }

  /** Records the failure and ends the execution with the error that caused it. */
  private fail(): LambdaInvoke {
    const recordFailure = this.task('Record failure', 'recordFailure', {
      error: '{% $error %}',
      decision: '{% $decision %}',
      prepared: '{% $prepared %}',
      kept: '{% $kept %}',
      marks: '{% $marks %}',
      buildId: '{% $buildId %}',
    });
    const failed = Fail.jsonata(this, 'Service failed', {
      error: '{% $error.Error %}',
      cause: '{% $error.Cause %}',
    });
    recordFailure.next(failed);
    recordFailure.addCatch(failed, { errors: ['States.ALL'] });
    return recordFailure;
  }

  /** Puts back what the release may have changed, then fails with the error that stopped it. */
  private restore(fail: LambdaInvoke): LambdaInvoke {
    const restore = this.task('Restore functions', 'restoreFunctions', {
      error: '{% $error %}',
      kept: '{% $kept %}',
    });
    restore.next(fail);
    // The first error is the one to report; what could not be put back is in the worker's log and mended by the next,
    // full release.
    restore.addCatch(fail, { errors: ['States.ALL'] });
    return restore;
  }
}

/**
 * CodeDeploy gives a deployment 50 hours: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html. Watching it
 * makes 7 events of history a minute, of the 25,000 that an execution may have.
 */
const LONGEST_SERVICE = Duration.hours(60);

const decided = (kind: string): Condition => Condition.jsonata(`{% $decision.kind = '${kind}' %}`);
