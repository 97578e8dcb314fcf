import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { STEPS } from '../core/contracts/steps';
import {
  DECISIONS,
  durationMetric,
  ENDS,
  METRICS_NAMESPACE,
  NOTIFICATION_FAILURES,
  RELEASE_DURATION,
  SERVICES_FAILED,
  SERVICES_LEFT_OUT,
} from '../core/record/release-metrics';

export interface SeedbedDashboardProps {
  readonly name: string;
  /** Beginning of the names of the workers. */
  readonly workers: string;
  readonly untold: Queue;
  readonly alarms: readonly IAlarm[];
}

const HALF = { width: 12, height: 6 };
const PERIOD = Duration.hours(1);

/**
 * How the platform fares: releases, how long their steps take, what was decided, and whether its own workers are well.
 */
export class SeedbedDashboard extends Construct {
  constructor(scope: Construct, id: string, props: SeedbedDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.days(7),
    });
    dashboard.addWidgets(
      graph('Releases', Object.values(ENDS).map(sum), { stacked: true }),
      graph('Failed releases, by app and stage', [byStage(ENDS.failed, 'Sum')]),
    );
    dashboard.addWidgets(
      graph('How long releases take', [ms(RELEASE_DURATION, 50), ms(RELEASE_DURATION, 90)]),
      graph('How long releases take (p90), by app and stage', [byStage(RELEASE_DURATION, 'p90')]),
    );
    dashboard.addWidgets(
      graph(
        'Steps (p50); "trigger" is the wait for the turn',
        STEPS.map((step) => ms(durationMetric(step), 50, step)),
      ),
      graph(
        'Steps (p90)',
        STEPS.map((step) => ms(durationMetric(step), 90, step)),
      ),
    );
    const decided = [...Object.values(DECISIONS), SERVICES_LEFT_OUT, SERVICES_FAILED];
    dashboard.addWidgets(
      graph('What services came to', decided.map(sum), { stacked: true }),
      graph('Notifications that failed', [
        ...search(`{${METRICS_NAMESPACE},destination} MetricName="${NOTIFICATION_FAILURES}"`, 'Sum'),
        props.untold.metricApproximateNumberOfMessagesVisible({
          period: PERIOD,
          statistic: 'Maximum',
          label: 'given up',
        }),
      ]),
    );
    const ofWorkers = (metric: string) =>
      search(`{AWS/Lambda,FunctionName} MetricName="${metric}" FunctionName="${props.workers}"`, 'Sum');
    dashboard.addWidgets(
      graph('Errors of workers', ofWorkers('Errors')),
      graph('Throttled workers', ofWorkers('Throttles')),
    );
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', width: 24, alarms: [...props.alarms] }));
  }
}

const graph = (title: string, left: IMetric[], more: { readonly stacked?: boolean } = {}): GraphWidget =>
  new GraphWidget({ ...HALF, title, left, leftYAxis: { min: 0 }, ...more });

/** A metric of the whole platform. */
const metric = (metricName: string, statistic: string, label: string): Metric =>
  new Metric({ namespace: METRICS_NAMESPACE, metricName, statistic, label, period: PERIOD });

const sum = (name: string): Metric => metric(name, Stats.SUM, name);
const ms = (name: string, percentile: number, label = `p${percentile}`): Metric =>
  metric(name, Stats.percentile(percentile), label);

/** Whatever is found when the dashboard is looked at: apps and stages come and go. */
const search = (query: string, statistic: string): IMetric[] => [
  new MathExpression({
    expression: `SEARCH('${query}', '${statistic}', ${PERIOD.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period: PERIOD,
  }),
];
const byStage = (name: string, statistic: string): IMetric =>
  search(`{${METRICS_NAMESPACE},app,stage} MetricName="${name}"`, statistic)[0]!;
