/** What an alarm of the template is judged by. */
export interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic?: string;
  /** In seconds. */
  readonly Period?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly DatapointsToAlarm?: number;
  readonly EvaluationPeriods: number;
  readonly TreatMissingData?: string;
}

/** A value that somebody sends, and when, in minutes. */
export type Point = readonly [minute: number, value: number];

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};
const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
};

/** @returns what an alarm has of a word of its own; anything else would be judged wrongly in silence */
function known<T>(words: Readonly<Record<string, T>>, word = ''): T {
  const found = words[word];
  if (found === undefined) throw new Error(`no test knows how CloudWatch evaluates "${word}"`);
  return found;
}

/**
 * The states of an alarm, minute after minute, as
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html has it: each minute the last
 * periods up to it are looked at, `DatapointsToAlarm` of which must pass the threshold. Begins when all of them are
 * whole.
 * @param minutes how long values are sent for
 */
export function statesOf(alarm: AlarmProperties, points: readonly Point[], minutes: number): readonly string[] {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Period = 0, Threshold } = alarm;
  const [passes, statistic] = [known(COMPARISONS, alarm.ComparisonOperator), known(STATISTICS, alarm.Statistic)];
  const missing = known({ notBreaching: false, breaching: true, ignore: 'ignore' }, alarm.TreatMissingData);
  const period = Period / 60;
  const states: string[] = [];
  for (let now = period * EvaluationPeriods; now <= minutes; now++) {
    const periods = Array.from({ length: EvaluationPeriods }, (_, index) => {
      const end = now - index * period;
      const values = points.filter(([minute]) => minute >= end - period && minute < end).map(([, value]) => value);
      return values.length === 0 ? missing : passes(statistic(values), Threshold);
    });
    if (periods.every((one) => one === 'ignore')) states.push(states.at(-1) ?? 'INSUFFICIENT_DATA');
    else states.push(periods.filter((one) => one === true).length >= DatapointsToAlarm ? 'ALARM' : 'OK');
  }
  return states;
}
