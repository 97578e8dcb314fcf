import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { AlarmSettings } from '../config/alarms';
import type { Worker } from '../constructs/worker';
import type { CalledWorkerKey } from '../core/contracts/called-workers';
import { OPERATIONS } from '../core/contracts/operations';
import { constructName } from '../core/contracts/worker-declaration';
import {
  METRICS_NAMESPACE,
  RELEASES_FAILED_AGAIN,
  RELEASES_OVERDUE,
  REPOSITORIES_REPLACED,
} from '../core/record/release-metrics';
import { alarmsTopic } from './alarms-topic';
import type { CalledWorker } from './given-up';

export interface AlarmsProps {
  readonly settings: AlarmSettings;
  /** The workers that are called asynchronously, by their keys. */
  readonly called: Readonly<Record<CalledWorkerKey, CalledWorker>>;
  /** Stage of the API by which people reach the platform. */
  readonly door: HttpStage;
  readonly webhook?: { readonly worker: Worker; readonly stage: HttpStage };
  readonly stateMachines: Readonly<Record<string, StateMachine>>;
  /** Alarms that others have made, and what those stand for. */
  readonly others: { readonly untold: Alarm; readonly storage: Alarm };
}

/** When an alarm goes off, and what it says then. */
interface Condition {
  /** A sentence; who is called reads it first. */
  readonly means: string;
  readonly whatToDo: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly below?: boolean;
  /** Of so many periods, in so many the threshold is passed: `[1, 1]` unless given. */
  readonly periods?: readonly [passed: number, of: number];
  /** Whether a period without a value passes the threshold: `no` unless given. */
  readonly missing?: 'passes' | 'no';
}

/**
 * Calls somebody when the platform does not do its work: a failed release is told to those who released, this to those
 * who look after the platform. Every alarm says what it means and which heading of docs/operations.md helps.
 */
export class Alarms extends Construct {
  readonly topic: ITopic;
  /** All there are. */
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { settings, called, door, webhook, stateMachines, others }: AlarmsProps) {
    super(scope, id);
    this.topic = alarmsTopic(this, settings);
    const { notify: _, ...queued } = called;
    const conditions: Readonly<Record<string, Condition>> = {
      ...named(called, (name, { worker }) => ({
        [`${name}Errors`]: failing(name, worker),
        [`${name}Age`]: late(name, worker),
      })),
      // What notify gives up has an alarm of its own, which says more.
      ...named(queued, (name, { queue }) => ({ [`${name}GivenUp`]: gaveUp(name, queue) })),
      SweepRuns: runsLess('Sweep', called.sweep.worker, { every: Duration.minutes(5), heals: 'locks and lost ends' }),
      ReconcileRuns: runsLess('Reconcile', called.reconcile.worker, {
        every: Duration.minutes(15),
        heals: 'pushes of which no event told',
      }),
      ...(webhook && webhookFails(webhook)),
      DoorFails: {
        means: "Seedbed's door fails (5xx): people cannot release, roll back or cancel.",
        whatToDo: OPERATIONS.door,
        metric: door.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
        threshold: 1,
        periods: [2, 3],
      },
      ...named(stateMachines, (name, machine) => ({ [`${name}Throttled`]: throttled(name, machine) })),
      ReleasesOverdue: {
        means: 'A release has been open for much longer than those of its stage usually are.',
        whatToDo: OPERATIONS.overdue,
        metric: ofReleases(RELEASES_OVERDUE),
        threshold: 1,
        periods: [2, 3],
      },
      RepositoriesReplaced: {
        means: "The name of an app's repository leads to another repository; nothing of it is released.",
        whatToDo: OPERATIONS.replaced,
        metric: ofReleases(REPOSITORIES_REPLACED, Duration.minutes(15)),
        threshold: 1,
      },
      ReleasesFailedAgain: {
        means: 'A release failed, and so had the one before it in its stage.',
        whatToDo: OPERATIONS.failedAgain,
        metric: ofReleases(RELEASES_FAILED_AGAIN),
        threshold: 1,
      },
    };
    const own = Object.entries(conditions).map(([name, condition]) => this.alarm(name, condition));
    this.all = [...own, others.untold, others.storage];
    for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private alarm(name: string, { means, whatToDo, metric, threshold, ...when }: Condition): Alarm {
    const [datapointsToAlarm, evaluationPeriods] = when.periods ?? [1, 1];
    return new Alarm(this, name, {
      alarmDescription: `${means} What to do: ${whatToDo}`,
      metric,
      threshold,
      datapointsToAlarm,
      evaluationPeriods,
      comparisonOperator: when.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: when.missing === 'passes' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }
}

const PERIOD = Duration.minutes(5);

/** Lambda tries a call three times, which takes some three minutes and three runs of the worker. */
const LATE = Duration.minutes(30);

/**
 * One failure that the next try mends calls nobody:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const failing = (name: string, worker: Worker): Condition => ({
  means: `Seedbed's worker ${name} fails again and again.`,
  whatToDo: OPERATIONS.workerFails,
  metric: worker.function.metricErrors({ period: PERIOD, statistic: Stats.SUM }),
  threshold: 1,
  periods: [2, 3],
});

/**
 * `AsyncEventAge` is in milliseconds, from when Lambda queued a call until it ran it, and grows with each try:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const late = (name: string, worker: Worker): Condition => ({
  means: `Calls of Seedbed's worker ${name} wait for more than ${LATE.toMinutes()} minutes.`,
  whatToDo: OPERATIONS.workerLate,
  metric: worker.function.metric('AsyncEventAge', { period: PERIOD, statistic: Stats.MAXIMUM }),
  threshold: LATE.toMilliseconds(),
});

const gaveUp = (name: string, queue: CalledWorker['queue']): Condition => ({
  means: `Seedbed's worker ${name} did not manage a call in all its tries; the messages of its queue say which and why.`,
  whatToDo: OPERATIONS.givenUp,
  metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
  threshold: 1,
});

/** `Invocations` counts runs that failed too; of a function that does not run there is no value at all. */
const runsLess = (
  name: string,
  worker: Worker,
  { every, heals }: { readonly every: Duration; readonly heals: string },
): Condition => ({
  means: `Seedbed's worker ${name}, which heals ${heals}, has not run three times in a row.`,
  whatToDo: OPERATIONS.notRun,
  metric: worker.function.metricInvocations({ period: every, statistic: Stats.SUM }),
  threshold: 1,
  below: true,
  periods: [3, 3],
  missing: 'passes',
});

/**
 * Scanners of the internet get a 404 now and then; so it takes some to call anybody. A 429 of the API's own throttling
 * is a 4xx. Names and dimensions: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
const webhookFails = ({ worker, stage }: NonNullable<AlarmsProps['webhook']>): Readonly<Record<string, Condition>> => ({
  WebhookRefuses: {
    means: "Seedbed's webhook refuses what it is sent (4xx): a wrong secret, too many requests at once, or a stranger.",
    whatToDo: OPERATIONS.webhook,
    metric: stage.metricClientError({ period: Duration.hours(1), statistic: Stats.SUM }),
    threshold: 10,
  },
  WebhookFails: {
    means: "Seedbed's webhook fails (5xx): pushes are not released until they are found by Reconcile.",
    whatToDo: OPERATIONS.webhook,
    metric: stage.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
    threshold: 1,
    periods: [2, 3],
  },
  WebhookThrottled: {
    means: "Lambda does not run Seedbed's worker Webhook: the account's concurrency is used up.",
    whatToDo: OPERATIONS.webhook,
    metric: worker.function.metricThrottles({ period: PERIOD, statistic: Stats.SUM }),
    threshold: 1,
    periods: [2, 3],
  },
});

/** `ExecutionThrottled`: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
const throttled = (name: string, machine: StateMachine): Condition => ({
  means: `Step Functions slows executions of Seedbed's ${name} down: the account's state transitions are used up.`,
  whatToDo: OPERATIONS.throttled,
  metric: machine.metricThrottled({ period: PERIOD, statistic: Stats.SUM }),
  threshold: 1,
  periods: [3, 3],
});

/** A metric of ours, of all apps and stages together. */
const ofReleases = (metricName: string, period = PERIOD): Metric =>
  new Metric({ namespace: METRICS_NAMESPACE, metricName, statistic: Stats.SUM, period });

/** @returns what `make` gives of each entry, by the names that workers' constructs have. */
const named = <Value>(
  entries: Readonly<Record<string, Value>>,
  make: (name: string, value: Value) => Readonly<Record<string, Condition>>,
): Readonly<Record<string, Condition>> =>
  Object.assign({}, ...Object.entries(entries).map(([key, value]) => make(constructName(key), value)));
