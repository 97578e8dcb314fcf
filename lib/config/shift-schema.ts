import type * as z from 'zod';
import { SHIFT_TYPES } from '../core/shift/read-shift';

type Json = z.core.JSONSchema.BaseSchema;
type Properties = Readonly<Record<string, Json>>;

/**
 * What editors and docs/configuration.md are told of shifts. The readers in `lib/core/shift` have more to say of what is
 * wrong than a schema could; a test holds the two together.
 */
const TYPE: Json = { anyOf: [{ enum: [...SHIFT_TYPES] }, { type: 'string', pattern: '^CodeDeployDefault\\.' }] };

const step = (description: string): Json => ({
  ...{ description, type: 'object', required: ['percent', 'minutes'], additionalProperties: false },
  properties: {
    percent: { type: 'integer', minimum: 1, maximum: 99, description: 'Share of the traffic, 1 to 99 percent.' },
    minutes: {
      ...{ type: 'integer', minimum: 1, maximum: 2880 },
      description: 'Minutes until the next step, at most 2880 from the first step to the last.',
    },
  },
});

const MOVES: Properties = {
  type: { description: 'One of the types of shift below; one of `type`, `canary` and `linear`.', ...TYPE },
  canary: step('A canary of your own: a share of the traffic, and after some minutes the rest.'),
  linear: step('A linear shift of your own: a share of the traffic more every so many minutes.'),
};

const map = (properties: Properties): Json => ({
  type: 'object',
  additionalProperties: false,
  properties: { ...properties },
});

/** `shift` of a stage in seedbed.yml. */
export const STAGE_SHIFT_SCHEMA: Json = {
  anyOf: [
    map({
      ...MOVES,
      mustBeGradual: {
        ...{ type: 'boolean', default: false },
        description: 'Whether a function that cannot shift gradually stops the release instead of moving at once.',
      },
    }),
    TYPE,
  ],
};

const FUNCTION: Json = { type: 'string', minLength: 1 };
const LIST: Json = { type: 'array', maxItems: 10 };

const SETTINGS: Properties = {
  ...MOVES,
  alias: { type: 'string', description: 'Name of the alias of all functions of a service; `live` unless given.' },
  preTrafficHook: { ...FUNCTION, description: 'Function of the service that must pass before traffic moves.' },
  postTrafficHook: { ...FUNCTION, description: 'Function of the service that must pass after all traffic has moved.' },
  alarms: { ...LIST, description: 'Alarms that stop the shift: logical ids in the template, or maps with `name`.' },
  triggerConfigurations: { ...LIST, description: 'SNS topics that CodeDeploy tells of the shift.' },
  stages: { type: ['array', 'string'], description: 'The stages that the settings are for; all unless given.' } as Json,
  unit: {
    ...{ enum: ['service', 'function'], default: 'service' },
    description: "Whether the service's functions move and return as one, or each for itself.",
  },
  hookTimeout: {
    ...{ type: 'integer', minimum: 1, maximum: 900, default: 300 },
    description: 'Seconds that a hook may take.',
  },
  codeDeployRole: { description: "Has no effect: the target's role is used." },
  codeDeployRolePermissionsBoundary: { description: 'Has no effect: no role is made.' },
};

/** `shift` of seed.yml. */
export const APP_SHIFT_SCHEMA: Json = map({
  ...SETTINGS,
  services: {
    ...{ type: 'object', additionalProperties: { ...map(SETTINGS), $comment: 'the keys of `shift` itself' } },
    description: 'The same settings of single services, by directory; what is set here wins.',
  },
});
