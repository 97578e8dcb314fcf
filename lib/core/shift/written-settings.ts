import * as z from 'zod';
import { toServicePath } from '../contracts/service-path';
import { NO_SHIFT_SETTINGS } from '../contracts/settings';
import type { Shift } from '../contracts/shift';
import { checkWritten, rightPartOf } from '../text/check-written';
import { stageNames, wholeNumber, withEmptyKeys } from '../text/forgiving';
import { useInstead } from '../text/nearest';
import type { ConfigProblem, Place } from '../text/place';
import { WrittenAlarm, WrittenTopic } from './written-reference';
import { oneWay, shiftOf, WAYS } from './written-shift';

/**
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html, and limits.html of the guide
 */
const MOST = 10;

/** A list of at most ten; only of a list with problems an item may be `undefined` (see `rightPartOf`). */
const list = <Item extends z.ZodType>(item: Item) =>
  z.array(item.optional(), 'write a list').max(MOST, `, and CodeDeploy takes ${MOST} for a function; remove some`);

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TriggerConfig.html */
const EVENTS = [
  ...['Start', 'Success', 'Failure', 'Stop', 'Rollback', 'Ready'].map((what) => `Deployment${what}`),
  ...['Start', 'Success', 'Failure', 'Ready'].map((what) => `Instance${what}`),
];

const Event = z.enum(EVENTS, {
  error: ({ input }) => {
    const hint = useInstead(typeof input === 'string' ? input : '', EVENTS, { otherwise: `use ${EVENTS.join(', ')}` });
    return `, which is not an event; ${hint}`;
  },
});

const Trigger = z.strictObject(
  {
    TriggerName: z.coerce.string().nullish().describe('Name of the trigger; numbered unless given.'),
    TriggerEvents: z
      .array(Event.optional(), 'write a list of events, such as DeploymentFailure')
      .min(1)
      .describe('The events that CodeDeploy reports, such as DeploymentFailure.'),
    TriggerTargetArn: WrittenTopic.describe('Name or ARN of the topic, or a reference to one of the template.'),
  },
  'write a map with TriggerName, TriggerEvents, TriggerTargetArn',
);

/** @returns the name of a trigger at its place in the list. */
export const triggerName = (trigger: { readonly TriggerName?: string | null } | undefined, index: number): string =>
  String(trigger?.TriggerName ?? `trigger-${index + 1}`);

const Triggers = list(Trigger).superRefine(
  (triggers, context) => {
    const names = triggers.map(triggerName);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const message = `, but another trigger is called "${name}" already; give each trigger a name of its own`;
      context.addIssue({ code: 'custom', path: [index, 'TriggerName'], message });
    }
  },
  { when: ({ value }) => Array.isArray(value) },
);

const Hook = z.string('write the key of a function of this service').min(1).optional();

/** What a function may set: the keys of the plug-in serverless-plugin-canary-deployments, `canary` and `linear`. */
const FUNCTION = {
  ...WAYS,
  alias: z
    .string('write letters, digits, "-" or "_", at most 128 and not digits alone, which Lambda takes for a version')
    // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
    .regex(/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/)
    .optional()
    .describe('Name of the alias of all functions of a service; `live` unless given.'),
  preTrafficHook: Hook.describe('Function of the service that must pass before traffic moves.'),
  postTrafficHook: Hook.describe('Function of the service that must pass after all traffic has moved.'),
  alarms: list(WrittenAlarm)
    .optional()
    .describe('Alarms that stop the shift: logical ids in the template, or maps with `name`.'),
  triggerConfigurations: Triggers.optional().describe('SNS topics to which CodeDeploy reports the shift.'),
};

/** A Lambda function runs no longer. */
const LONGEST_HOOK = 900;

/** What only a whole service may set. */
const SERVICE = {
  stages: stageNames.optional().describe('The stages that the settings are for; all unless given.'),
  unit: z
    .enum(['service', 'function'], 'write service or function')
    .optional()
    .describe("Whether the service's functions move and return as one, or each for itself.")
    .meta({ default: NO_SHIFT_SETTINGS.unit }),
  hookTimeout: wholeNumber({ from: 1, to: LONGEST_HOOK }, `write a whole number of seconds from 1 to ${LONGEST_HOOK}`)
    .optional()
    .describe('Seconds that a hook may take.')
    .meta({ default: NO_SHIFT_SETTINGS.hookTimeout }),
  // An app chooses no roles, since the platform would pass on whatever it names.
  codeDeployRole: z.unknown().optional().describe("Has no effect: the target's role is used."),
  // The role that it is for was made by the plug-in.
  codeDeployRolePermissionsBoundary: z.unknown().optional().describe('Has no effect: no role is made.'),
};

const ofTheService = (key: keyof typeof SERVICE) =>
  z.never(`, but that is a setting for the whole service; move it to "custom.deploymentSettings.${key}"`).optional();

const A_MAP = 'write a map of settings, such as "type: Canary10Percent5Minutes"';

/** `deploymentSettings` of a function in serverless.yml. */
const FunctionSettings = withEmptyKeys(
  oneWay(
    z.strictObject(
      {
        ...FUNCTION,
        stages: ofTheService('stages'),
        unit: ofTheService('unit'),
        hookTimeout: ofTheService('hookTimeout'),
        codeDeployRole: ofTheService('codeDeployRole'),
        codeDeployRolePermissionsBoundary: ofTheService('codeDeployRolePermissionsBoundary'),
      },
      A_MAP,
    ),
  ),
);

/** `custom.deploymentSettings` in serverless.yml. */
const ServiceSettings = withEmptyKeys(oneWay(z.strictObject({ ...FUNCTION, ...SERVICE }, A_MAP)));
type ServiceSettings = z.output<typeof ServiceSettings>;

const Directory = z
  .string()
  .refine((text) => toServicePath(text) !== undefined, 'write the path of a directory in the repository');

/** `shift` of seed.yml: settings for every service of the app, and for some. */
export const AppSettings = withEmptyKeys(
  oneWay(
    z.strictObject(
      {
        ...FUNCTION,
        ...SERVICE,
        services: z
          .record(
            Directory,
            ServiceSettings.meta({ $comment: 'the keys of `shift` itself' }),
            'write a map of settings by service',
          )
          .optional()
          .describe('The same settings of single services, by directory; what is set here wins.'),
      },
      A_MAP,
    ),
  ),
);
export type AppSettings = z.output<typeof AppSettings>;

/** A block of settings and where it is written. What is not set is absent. */
export interface SettingsBlock extends Omit<ServiceSettings, 'type' | 'canary' | 'linear'> {
  /** The file, as messages name it. */
  readonly file: string;
  readonly place: Place;
  readonly shift?: { readonly shift: Shift; readonly place: Place };
}

/** A block, as far as it is right, and what is wrong with it. */
export interface BlockReading {
  readonly block: SettingsBlock;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads a block of settings.
 *
 * @param value what was written
 * @param at where; `scope` says whether it is of one function or of a whole service
 */
export function readSettingsBlock(
  value: unknown,
  { file, place, scope }: { readonly file: string; readonly place: Place; readonly scope: 'function' | 'service' },
): BlockReading {
  const schema = scope === 'function' ? FunctionSettings : ServiceSettings;
  const { data, problems } = checkWritten(schema, value ?? {}, { place });
  if (data !== undefined) return { block: settingsBlock(data, { file, place }), problems };
  const { shift, ...others } = settingsBlock(rightPartOf(schema, value) ?? {}, { file, place });
  const isShiftRight = !problems.some((one) => Object.hasOwn(WAYS, one.place[place.length] ?? ''));
  return { block: { ...others, ...(isShiftRight && shift && { shift }) }, problems };
}

/** @returns the settings as the code reads them, with where they are written. */
export function settingsBlock(
  { type, canary, linear, ...settings }: ServiceSettings,
  { file, place }: { readonly file: string; readonly place: Place },
): SettingsBlock {
  const written = shiftOf({ type, canary, linear });
  return {
    file,
    place,
    ...settings,
    ...(written && { shift: { shift: written.shift, place: [...place, written.key] } }),
  };
}
