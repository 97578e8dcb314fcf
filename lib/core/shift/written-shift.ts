import * as z from 'zod';
import { configurationName } from '../contracts/code-deploy-names';
import type { StageShift } from '../contracts/settings';
import { ALL_AT_ONCE, type Shift } from '../contracts/shift';
import { isJsonObject } from '../text/canonical-json';
import { wholeNumber, withEmptyKeys } from '../text/forgiving';
import { useInstead } from '../text/nearest';
import { stepCount } from './carefulness';

const PREFIX = 'CodeDeployDefault.Lambda';

const canary = (minutes: number): Shift => ({ kind: 'canary', percent: 10, minutes });
const linear = (minutes: number): Shift => ({ kind: 'linear', percent: 10, minutes });

/** The nine that every account has, by CodeDeploy's names without their prefix: the plug-in's names, and SAM's. */
const PREDEFINED: ReadonlyMap<string, Shift> = new Map(
  [ALL_AT_ONCE, ...[5, 10, 15, 30].map(canary), ...[1, 2, 3, 10].map(linear)].map((shift) => [
    configurationName(shift).slice(PREFIX.length),
    shift,
  ]),
);
/** The short names of the predefined types. */
const SHORT_NAMES: readonly string[] = ['all-at-once', ...PREDEFINED.keys()];
const LONG_NAME = new RegExp(`^(CodeDeployDefault\\.)?(Lambda)?(${[...PREDEFINED.keys()].join('|')})$`);

/** @returns the name of a type without CodeDeploy's prefixes. */
const shortName = (type: string): string => type.replace(/^CodeDeployDefault\./, '').replace(/^Lambda/, '');

const typeError = ({ input }: { readonly input?: unknown }): string =>
  typeof input === 'string'
    ? `, which is not a type of shift; ${typeHint(input)}`
    : `write a type, such as ${SHORT_NAMES[1]}`;

/** A name of the right form with other numbers is meant as it is written, and can be had. */
function typeHint(type: string): string {
  const name = shortName(type);
  const own = 'or a "canary:" or "linear:" of your own';
  const hint = useInstead(name, SHORT_NAMES, { otherwise: `use one of ${SHORT_NAMES.slice(1).join(', ')}, ${own}` });
  const [, kind, percent, minutes] = /^(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name) ?? [];
  if (kind === undefined) return hint;
  const custom = `write "${kind.toLowerCase()}: { percent: ${percent}, minutes: ${minutes} }" instead`;
  return hint.startsWith('did') ? `${custom}, or ${hint}` : custom;
}

/** One of the predefined shifts, by any of its names. */
const ShiftType = z.union([z.enum(SHORT_NAMES, { error: typeError }), z.string({ error: typeError }).regex(LONG_NAME)]);

/** CodeDeploy's bounds: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const MAX_PERCENT = 99;
const MAX_MINUTES = 2880;

const Percent = wholeNumber({ from: 1, to: MAX_PERCENT }, `write a whole number from 1 to ${MAX_PERCENT}`).describe(
  `Share of the traffic, 1 to ${MAX_PERCENT} percent.`,
);
const Minutes = wholeNumber({ from: 1, to: MAX_MINUTES }, `write a whole number from 1 to ${MAX_MINUTES}`).describe(
  `Minutes until the next step, at most ${MAX_MINUTES} from the first step to the last.`,
);
const Pace = z.strictObject({ percent: Percent, minutes: Minutes }, 'write "{ percent: 10, minutes: 5 }"');

const LinearPace = Pace.superRefine(
  ({ percent, minutes }, context) => {
    const steps = stepCount(percent);
    const most = Math.floor(MAX_MINUTES / Math.max(1, steps - 1));
    if (minutes <= most) return;
    const why = `its ${steps} steps are at most ${MAX_MINUTES} minutes apart, the last from the first`;
    context.addIssue({
      code: 'custom',
      path: ['minutes'],
      message: `write a whole number from 1 to ${most}: ${why}`,
    });
  },
  { when: ({ issues }) => issues.length === 0 },
);

/** The keys of a block that say how traffic moves; only one of them at a time, which `oneWay` checks. */
export const WAYS = {
  type: ShiftType.optional().describe('One of the types of shift below; one of `type`, `canary` and `linear`.'),
  canary: Pace.optional().describe('A canary of your own: a share of the traffic, and after some minutes the rest.'),
  linear: LinearPace.optional().describe('A linear shift of your own: another share of the traffic every few minutes.'),
};

/** How traffic is to move, as it is written. */
export type WrittenShift = z.output<z.ZodObject<typeof WAYS>>;

const KEYS = ['type', 'canary', 'linear'] as const;

/** A block, for which it is an error to say in two ways how traffic moves. */
export const oneWay = <Shape extends typeof WAYS>(block: z.ZodObject<Shape, z.core.$strict>) =>
  block.superRefine(
    (written, context) => {
      const [first, second] = KEYS.filter((key) => (written as WrittenShift)[key] !== undefined);
      if (second === undefined) return;
      const message = `, but "${first}" already says how traffic moves; keep one of the two`;
      context.addIssue({ code: 'custom', path: [second], message });
    },
    { when: ({ value }) => isJsonObject(value) },
  );

/** @returns how traffic is to move and which key says it; undefined if nothing says it. */
export function shiftOf(written: WrittenShift): { readonly key: string; readonly shift: Shift } | undefined {
  const { type, canary, linear } = written;
  if (type !== undefined) return { key: 'type', shift: PREDEFINED.get(shortName(type)) ?? ALL_AT_ONCE };
  if (canary !== undefined) return { key: 'canary', shift: { kind: 'canary', ...canary } };
  return linear && { key: 'linear', shift: { kind: 'linear', ...linear } };
}

const StageBlock = oneWay(
  z.strictObject({
    ...WAYS,
    mustBeGradual: z
      .boolean('write true or false')
      .default(false)
      .describe('Whether a function that cannot shift gradually stops the release instead of moving at once.'),
  }),
).superRefine(
  ({ mustBeGradual, ...written }, context) => {
    if (!mustBeGradual || (shiftOf(written)?.shift ?? ALL_AT_ONCE).kind !== 'all-at-once') return;
    context.addIssue({
      code: 'custom',
      path: ['mustBeGradual'],
      message:
        ', but the stage asks for no gradual shift; add one, such as "canary: { percent: 10, minutes: 5 }", or ' +
        'remove the key',
    });
  },
  { when: ({ issues }) => issues.length === 0 },
);

/** `shift` of a stage in seedbed.yml: a type, or a map. */
export const WrittenStageShift = z.union([withEmptyKeys(StageBlock), ShiftType]);

/** @returns what the stage demands of every shift: all at once where nothing is said. */
export function stageShiftOf(written: z.output<typeof WrittenStageShift> | undefined): StageShift {
  const block = typeof written === 'string' ? { type: written, mustBeGradual: false } : written;
  return {
    shift: (block && shiftOf(block)?.shift) ?? ALL_AT_ONCE,
    mustBeGradual: block?.mustBeGradual ?? false,
  };
}
