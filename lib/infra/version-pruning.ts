import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { OPERATIONS } from '../core/contracts/operations';
import { CODE_STORAGE_ALARM, CODE_STORAGE_USED } from '../core/record/code-storage';
import { RELEASE_EVENT } from '../core/record/release-event';
import { METRICS_NAMESPACE } from '../core/record/release-metrics';
import { type CalledWorker, givenUp } from './given-up';

export interface VersionPruningProps {
  readonly prune: Worker;
}

/**
 * Old versions go after a release of their stage, and each night in all stages; an alarm tells when the code storage of
 * a target fills up all the same. By our own event and not as a state of `Release`, so that no release waits for it.
 */
export class VersionPruning extends Construct {
  readonly storageAlarm: Alarm;
  readonly called: { readonly prune: CalledWorker };

  constructor(scope: Construct, id: string, { prune }: VersionPruningProps) {
    super(scope, id);
    // Every night all stages are looked at again.
    this.called = { prune: givenUp(this, 'PruneGivenUp', { worker: prune, comesAgain: true }) };
    const deadLetterQueue = this.called.prune.queue;
    const release = {
      app: EventField.fromPath('$.detail.app'),
      stage: EventField.fromPath('$.detail.stage'),
      releaseId: EventField.fromPath('$.detail.releaseId'),
    };
    new Rule(this, 'Released', {
      description: 'a release has succeeded: versions that nothing needs any more go',
      eventPattern: {
        source: [RELEASE_EVENT.source],
        detailType: [RELEASE_EVENT.detailType],
        detail: { status: ['succeeded'], remove: [{ exists: false }] },
      },
      targets: [
        new LambdaFunction(prune.function, {
          event: RuleTargetInput.fromObject({ release }),
          retryAttempts: 2,
          deadLetterQueue,
        }),
      ],
    });
    new Rule(this, 'Nightly', {
      description: 'versions that nothing needs go in all stages; how much code storage is used is read',
      schedule: Schedule.cron({ hour: '2', minute: '17' }),
      targets: [
        new LambdaFunction(prune.function, {
          event: RuleTargetInput.fromObject({}),
          retryAttempts: 0,
          deadLetterQueue,
        }),
      ],
    });
    this.storageAlarm = new Alarm(this, 'StorageAlarm', {
      alarmDescription:
        `Lambda's code storage of a target is ${CODE_STORAGE_ALARM} % full; when it is full, no code can be deployed. ` +
        `What to do: ${OPERATIONS.codeStorage}`,
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: CODE_STORAGE_USED,
        statistic: Stats.MAXIMUM,
        period: Duration.days(1),
      }),
      threshold: CODE_STORAGE_ALARM,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.IGNORE,
    });
  }
}
