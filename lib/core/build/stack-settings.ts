import * as z from 'zod';
import { ReleaseError } from '../contracts/errors';
import { LIMITS } from '../contracts/limits';
import { OWN_TAGS, type StackSettings } from '../contracts/stack-settings';
import type { Template } from '../template/template';
import type { JsonObject } from '../text/canonical-json';
import { checkWritten } from '../text/check-written';
import { nameSome } from '../text/name-some';
import { useInstead } from '../text/nearest';
import { type ConfigProblem, keyText } from '../text/place';

/** The framework's own tag of every stack, unless the service has one of that name in any spelling. */
const STAGE_TAG = 'STAGE';
const MOST_TAGS = LIMITS.stackTags.most;

/** A value that comes from a variable may be text. */
const Truth = z.preprocess(
  (value) => (value === 'true' || value === 'false' ? value === 'true' : value),
  z.boolean('write true or false'),
);
const Text = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
  z.string('write a text'),
);
const Arn = z.string('write an ARN').regex(/^arn:/, 'write an ARN');

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackTrigger.html */
const ALARM = 'AWS::CloudWatch::Alarm';
const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';
const ALARM_TYPES = `write "${ALARM}" or "${COMPOSITE_ALARM}"`;
const MINUTES = 'write 0 to 180';
const STAGES = 'write a list of stages';

/** Keys of `provider`; the framework checks the rest of it. */
const Provider = z.object({
  stackTags: z
    .record(
      z
        .string()
        .min(1)
        .max(LIMITS.tagKey.most, `write at most ${LIMITS.tagKey.most} characters`)
        .regex(/^(?!aws:)/i, 'tags that begin with "aws:" are AWS\'s own: choose another name')
        .refine((key) => !OWN_TAGS.includes(key), "it is Seedbed's own: choose another name"),
      Text.pipe(z.string().max(LIMITS.tagValue.most, `write at most ${LIMITS.tagValue.most} characters`)),
      'write a map of tags',
    )
    .nullish(),
  stackParameters: z
    .array(
      z.object(
        {
          ParameterKey: z.string('write the name of a parameter of the template'),
          ParameterValue: Text.nullish(),
          UsePreviousValue: Truth.nullish(),
        },
        'write a map with "ParameterKey" and "ParameterValue"',
      ),
      'write a list of maps with "ParameterKey" and "ParameterValue"',
    )
    .nullish(),
  notificationArns: z
    .array(Arn, 'write a list of ARNs of SNS topics')
    .max(LIMITS.stackNotifications.most, `, but a stack takes ${LIMITS.stackNotifications.most}; remove some`)
    .nullish(),
  stackPolicy: z
    .array(
      z.record(z.string(), z.json(), 'write a map with "Effect", "Action", "Principal" and "Resource"'),
      'write a list of statements',
    )
    .nullish(),
  rollbackConfiguration: z
    .object(
      {
        RollbackTriggers: z
          .array(
            z.object(
              { Arn, Type: z.enum([ALARM, COMPOSITE_ALARM], ALARM_TYPES).nullish() },
              'write a map with "Arn" and "Type"',
            ),
            'write a list of maps with "Arn" and "Type"',
          )
          .max(LIMITS.rollbackTriggers.most, `, but a stack takes ${LIMITS.rollbackTriggers.most}; remove some`)
          .nullish(),
        MonitoringTimeInMinutes: z.coerce
          .number('write minutes')
          .int('write whole minutes')
          .min(0, MINUTES)
          .max(180, MINUTES)
          .nullish(),
      },
      'write a map with "RollbackTriggers" and "MonitoringTimeInMinutes"',
    )
    .nullish(),
  disableRollback: Truth.nullish(),
  deletionProtection: z
    .union(
      [Truth, z.object({ stages: z.array(z.string(), STAGES).min(1, STAGES) })],
      'write true or false, or a map with the list "stages"',
    )
    .nullish(),
  deploymentMethod: z.enum(['changesets', 'direct'], 'write "changesets" or "direct"').nullish(),
  cfnRole: Arn.nullish(),
  deploymentBucket: z.unknown().optional(),
  iam: z.looseObject({ deploymentRole: Arn.nullish() }).nullish(),
});

/**
 * Reads what a service's configuration says of its stack, and refuses what CloudFormation would refuse.
 *
 * @param provider of the resolved configuration
 * @returns the settings, with the framework's own tag among the tags
 * @throws ReleaseError `ConfigInvalid`, naming file, key and fix, for all problems at once
 */
export function readStackSettings(
  provider: JsonObject,
  { stage, template, file }: { readonly stage: string; readonly template: Template; readonly file: string },
): StackSettings {
  const { data, problems: ofValues } = checkWritten(Provider, provider, { place: ['provider'] });
  const problems = data === undefined ? ofValues : [...tooManyTags(data), ...strangeParameters(data, template)];
  if (data === undefined || problems.length > 0)
    throw new ReleaseError('ConfigInvalid', problems.map(({ message }) => `${file}: ${message}`).join('\n'));
  const { stackParameters, rollbackConfiguration: rollback, deletionProtection: protection, iam, cfnRole } = data;
  const parameters = (stackParameters ?? []).flatMap((one): readonly (readonly [string, string | null])[] => {
    if (one.UsePreviousValue) return [[one.ParameterKey, null]];
    return one.ParameterValue == null ? [] : [[one.ParameterKey, one.ParameterValue]];
  });
  const triggers = rollback?.RollbackTriggers ?? [];
  const composite = triggers.filter(({ Type }) => Type === COMPOSITE_ALARM);
  const role = iam?.deploymentRole ?? cfnRole;
  return {
    tags: tagsOf(data, stage),
    parameters: Object.fromEntries(parameters),
    ...(data.notificationArns && { notificationArns: data.notificationArns }),
    ...(data.stackPolicy && data.stackPolicy.length > 0 && { policy: data.stackPolicy }),
    ...(rollback && {
      rollback: {
        alarms: triggers.filter(({ Type }) => Type !== COMPOSITE_ALARM).map(({ Arn: arn }) => arn),
        ...(composite.length > 0 && { compositeAlarms: composite.map(({ Arn: arn }) => arn) }),
        ...(rollback.MonitoringTimeInMinutes != null && { minutes: rollback.MonitoringTimeInMinutes }),
      },
    }),
    ...(data.disableRollback && { disableRollback: true }),
    ...(protection != null && {
      terminationProtection: typeof protection === 'boolean' ? protection : protection.stages.includes(stage),
    }),
    ...(data.deploymentMethod && { deploymentMethod: data.deploymentMethod }),
    ...(role != null && { deploymentRole: role }),
    ...(data.deploymentBucket != null && { deploymentBucket: true }),
  };
}

type Read = z.infer<typeof Provider>;

function tagsOf({ stackTags }: Read, stage: string): Record<string, string> {
  const own = stackTags ?? {};
  const isTaken = Object.keys(own).some((key) => key.toLowerCase() === STAGE_TAG.toLowerCase());
  return { ...(!isTaken && { [STAGE_TAG]: stage }), ...own };
}

function tooManyTags(read: Read): readonly ConfigProblem[] {
  const given = Object.keys(read.stackTags ?? {}).length;
  const added = Object.keys(tagsOf(read, '')).length - given + OWN_TAGS.length;
  if (given + added <= MOST_TAGS) return [];
  const place = ['provider', 'stackTags'];
  const message =
    `"${keyText(place)}" has ${given} tags, and Seedbed and the framework add ${added}: a stack takes ${MOST_TAGS}; ` +
    `remove ${given + added - MOST_TAGS}`;
  return [{ place, message }];
}

/** CloudFormation refuses a value of a parameter that the template does not have; of two values one would be lost. */
function strangeParameters({ stackParameters }: Read, { Parameters = {} }: Template): readonly ConfigProblem[] {
  const known = Object.keys(Parameters);
  const names = (stackParameters ?? []).map(({ ParameterKey }) => ParameterKey);
  return names.flatMap((name, index) => {
    const place = ['provider', 'stackParameters', index, 'ParameterKey'];
    if (names.indexOf(name) < index) {
      return [{ place, message: `"${keyText(place)}" is "${name}" a second time; remove one` }];
    }
    if (known.includes(name)) return [];
    const otherwise = `write it under "resources.Parameters", or remove it${known.length > 0 ? `; there are: ${nameSome(known)}` : ''}`;
    return [
      {
        place,
        message: `"${keyText(place)}" is "${name}", which is no parameter of the template; ${useInstead(name, known, { otherwise })}`,
      },
    ];
  });
}
