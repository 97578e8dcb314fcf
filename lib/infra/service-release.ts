import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Choice, Condition, Pass, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { failureStates } from './failure-states';
import { hookStates } from './hook-states';
import { longJob } from './long-job';
import { observedStateMachine } from './observed-state-machine';
import { prepareStates } from './prepare-states';
import { type RemovalWorker, removalStates } from './removal-states';
import { began, catchAll, tasksOf, waitsOf } from './service-states';
import { shiftStates } from './shift-states';

export interface ServiceReleaseProps {
  readonly stateMachineName: string;
  readonly workers: Readonly<Record<ServiceReleaseWorker, Worker>>;
  /** Where the watcher of the release finds what its services wait for. */
  readonly stateTable: ITable;
}

type ServiceReleaseWorker =
  | RemovalWorker
  | 'takePackage'
  | 'decide'
  | 'startStackUpdate'
  | 'readFunctions'
  | 'prepareFunctions'
  | 'startShift'
  | 'waitForShift'
  | 'stopShift'
  | 'moveAliases'
  | 'putCodeBack'
  | 'restoreFunctions'
  | 'record'
  | 'recordFailure';

/**
 * Brings one service to a stage: build → deploy → shift → record; or removes it from one. Input: ServiceReleaseInput.
 */
export class ServiceRelease extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ServiceReleaseProps) {
    super(scope, id);
    const task = tasksOf(this, props.workers);
    const waitFor = waitsOf(this, task, { table: props.stateTable });
    const failure = failureStates(this, task);

    // build
    const begin = Pass.jsonata(this, 'Begin build', {
      assign: {
        release: '{% $states.input.release %}',
        service: '{% $states.input.service %}',
        marks: '{% {"build": $millis()} %}',
        buildId: null,
        buildTimes: null,
        buildWarning: null,
        decision: null,
        prepared: [],
        kept: [],
        hooks: [],
      },
    });
    const whatToDo = Choice.jsonata(this, 'Build, reuse or remove?');
    const startBuild = task('Start build', 'startBuild', {
      assign: {
        buildId: '{% $states.result.buildId %}',
        buildWarning: '{% $exists($states.result.warning) ? $states.result.warning : null %}',
      },
    });
    const waitForBuild = waitFor('Wait for build', 'waitForBuild', {
      kind: 'build',
      job: { task: 'package', buildId: '{% $buildId %}' },
      // While it runs there are none, and a variable takes no value that is missing.
      assign: { buildTimes: '{% $exists($states.result.times) ? $states.result.times : null %}' },
    });
    const build = longJob(this, 'Build finished?', { start: startBuild, wait: waitForBuild });
    const takePackage = task('Use stored package', 'takePackage');
    const removal = removalStates(this, { task, waitFor }, failure.record);

    // deploy
    const beginDeploy = Pass.jsonata(this, 'Begin deploy', { assign: { marks: began('deploy') } });
    const decide = task('Decide', 'decide', {
      assign: {
        decision: '{% $states.result.decision %}',
        batches: '{% $states.result.batches %}',
        gradual: '{% $states.result.gradual %}',
        hooks: '{% $states.result.hooks %}',
      },
    });
    const beforeDeploy = hookStates(this, { task, waitFor }, 'before_deploy');
    const howToDeploy = Choice.jsonata(this, 'How to deploy?');
    const startStackUpdate = task('Start stack update', 'startStackUpdate', {
      assign: { operation: '{% $states.result %}' },
    });
    const waitForStack = waitFor('Wait for stack', 'waitForStack', {
      kind: 'stack',
      job: { operation: '{% $operation %}' },
    });
    const stackUpdate = longJob(this, 'Stack update finished?', {
      start: startStackUpdate,
      wait: waitForStack,
      startAgainOn: 'deleted',
      any: { question: 'Does the stack change?', when: "$operation.kind != 'none'" },
    });
    const readFunctions = task('Compare functions', 'readFunctions', {
      assign: { batches: '{% $states.result.batches %}' },
    });
    const prepare = prepareStates(this, task);

    // shift
    const shift = shiftStates(this, { task, waitFor }, failure.restore);
    const movedBack = Choice.jsonata(this, 'Moved back to earlier versions?');
    const putCodeBack = task('Restore code of earlier versions', 'putCodeBack', {
      payload: { prepared: '{% $prepared %}' },
    });
    const afterDeploy = hookStates(this, { task, waitFor }, 'after_deploy');

    // record
    const record = task('Record', 'record', {
      payload: {
        decision: '{% $decision %}',
        prepared: '{% $prepared %}',
        marks: began('record'),
        buildId: '{% $buildId %}',
        buildTimes: '{% $buildTimes %}',
        buildWarning: '{% $buildWarning %}',
      },
    });

    // From state to state.
    begin.next(whatToDo);
    whatToDo
      .when(Condition.jsonata('{% $exists($release.rollback) %}'), takePackage, { comment: 'a rollback' })
      .when(Condition.jsonata('{% $exists($release.remove) %}'), removal, { comment: 'the stage is being removed' })
      .otherwise(build);
    build.next(beginDeploy);
    takePackage.next(beginDeploy);
    // Nothing is touched before the hook has succeeded. Decide names no hooks if nothing will be touched.
    beginDeploy.next(decide).next(beforeDeploy.way).next(howToDeploy);
    howToDeploy
      .when(decided('skip'), record, { comment: 'nothing changed' })
      .when(decided('incremental'), prepare, { comment: 'only function code changed' })
      .otherwise(stackUpdate);
    stackUpdate.next(readFunctions).next(prepare);
    prepare.next(shift).next(movedBack);
    movedBack
      .when(Condition.jsonata('{% true in [$prepared.reused] %}'), putCodeBack, {
        comment: 'a rollback returned to earlier versions',
      })
      .otherwise(afterDeploy.way);
    putCodeBack.next(record);
    afterDeploy.way.next(record);

    // When something fails: before anything is touched it is recorded, and after that put back first.
    catchAll([startBuild, waitForBuild, takePackage, decide, ...beforeDeploy.tasks, record], failure.record);
    catchAll([startStackUpdate, waitForStack, readFunctions, prepare], failure.restore);
    // Keep and record what now serves: the aliases that a rollback moved, or those that an `after_deploy` hook may
    // already have announced.
    const kept = { kept: '{% [$prepared.logicalId] %}' };
    catchAll([putCodeBack, ...afterDeploy.tasks], failure.record, kept);

    this.stateMachine = observedStateMachine(this, {
      name: props.stateMachineName,
      comment: 'Brings one service to a stage: build, deploy, shift, record',
      start: begin,
      timeout: LONGEST_SERVICE,
    });
  }
}

/**
 * CodeDeploy gives a deployment 50 hours: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html.
 * Should no watcher look, one that long makes 23,400 events of history, 7 in 54 seconds, of the 25,000 that an
 * execution may have.
 */
const LONGEST_SERVICE = Duration.hours(60);

const decided = (kind: string): Condition => Condition.jsonata(`{% $decision.kind = '${kind}' %}`);
