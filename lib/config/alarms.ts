import * as z from 'zod';
import type { ConfigProblem } from '../core/text/place';

/** Who is told when the platform itself needs somebody, as its owner writes it. */
export const AlarmsInput = z.strictObject(
  {
    email: z
      .string()
      .max(320)
      .regex(/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/)
      .optional()
      .describe(
        "Address that gets the alarms; AWS asks it once whether it wants them. Without it, who is to be told subscribes to the stack's output `AlarmsTopic`.",
      ),
    // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    topic: z
      .string()
      .regex(/^arn:[a-z-]+:sns:[a-z\d-]+:\d{12}:[\w-]{1,256}$/)
      .optional()
      .describe(
        "ARN of a topic of yours that gets the alarms in place of the platform's: in the platform's region, of any account. Its policy has to let CloudWatch publish.",
      ),
  },
  'write its keys: email, topic',
);
export type AlarmsInput = z.output<typeof AlarmsInput>;

/** Whom alarms tell. Without either key there is a topic to which nobody is subscribed yet. */
export interface AlarmSettings {
  readonly email?: string;
  /** ARN of a topic in place of the platform's. */
  readonly topic?: string;
}

/** What messages tell people to write. */
export const EXPECTED_ALARMS: Readonly<Record<string, string>> = {
  email: 'write an address, such as team@example.com',
  topic: 'write the ARN of a standard topic, such as arn:aws:sns:eu-central-1:123456789012:alarms',
};

/**
 * An alarm reaches topics of its own region only, whatever the account:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @param region the platform's, if it is known
 * @returns the problems that the keys have together
 */
export function alarmProblems({ email, topic }: AlarmSettings, region: string | undefined): readonly ConfigProblem[] {
  if (topic === undefined) return [];
  const both: ConfigProblem = {
    place: ['alarms', 'email'],
    message: `"alarms.email" is "${email}", but "alarms.topic" takes the alarms elsewhere; subscribe the address to that topic, or remove one of the two`,
  };
  const its = topic.split(':')[3];
  const elsewhere: ConfigProblem = {
    place: ['alarms', 'topic'],
    message: `"alarms.topic" is in "${its}", but the platform and its alarms are in "${region}"; write a topic of that region`,
  };
  return [...(email === undefined ? [] : [both]), ...(region === undefined || its === region ? [] : [elsewhere])];
}
