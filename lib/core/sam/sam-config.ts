import * as z from 'zod';
import { LIMITS } from '../contracts/limits';
import { OWN_TAGS } from '../contracts/stack-settings';
import { isJsonObject } from '../text/canonical-json';
import { checkWritten } from '../text/check-written';
import { type ConfigProblem, type Place, valueAt } from '../text/place';
import { parseAssignments } from './assignments';

/** What `samconfig.toml` says for a stage, as far as it means something here. */
export interface SamConfig {
  /** The environment of the configuration that the stage has; absent if there is none for it. */
  readonly environment?: string;
  /** Path of the template, from the configuration's directory. */
  readonly templateFile?: string;
  readonly stackName?: string;
  /** Values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly notificationArns?: readonly string[];
  readonly roleArn?: string;
  readonly disableRollback?: boolean;
  /** What the configuration says and Seedbed does otherwise, as warnings. */
  readonly told: readonly string[];
}

export const NO_SAM_CONFIG: SamConfig = { parameters: {}, tags: {}, told: [] };

const DEFAULT_ENVIRONMENT = 'default';

const Assignments = z
  .union([z.string(), z.array(z.string()), z.record(z.string(), z.coerce.string())], {
    error: 'write a text such as "Name=value Other=value", or a list of those',
  })
  .transform((written, context) => {
    const { values, problem } = parseAssignments(written);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `, and ${problem}` });
    return values;
  });

const Arns = z.union([z.string().transform((text) => [text]), z.array(z.string())], {
  error: 'write an ARN of an SNS topic, or a list of them',
});

/** Of `deploy.parameters` and `build.parameters`; what only `sam` itself needs is not looked at. */
const Parameters = z.looseObject({
  template_file: z.string('write the path of a template').optional(),
  template: z.string('write the path of a template').optional(),
  stack_name: z
    .string('write a name')
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    .regex(/^[A-Za-z][-A-Za-z0-9]{0,127}$/, 'write letters, digits and "-", a letter first, at most 128')
    .optional(),
  parameter_overrides: Assignments.optional(),
  tags: Assignments.optional(),
  notification_arns: Arns.optional(),
  role_arn: z.string('write an ARN').optional(),
  region: z.string('write a region').optional(),
  disable_rollback: z.boolean('write true or false').optional(),
  use_container: z.boolean('write true or false').optional(),
});
type Parameters = z.output<typeof Parameters>;

/** Commands whose parameters are read, each of which has also those of `global`. */
const COMMANDS = ['global', 'build', 'deploy'] as const;

/**
 * Chooses of a configuration what it says for a stage: the environment of the stage's name, of that of the stage whose
 * settings it has, or `default`.
 *
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
 *
 * @param config the parsed file
 * @param stages names of environments that are looked for before `default`
 * @param region of the target
 */
export function readSamConfig(
  config: unknown,
  { stages, region, file }: { readonly stages: readonly string[]; readonly region: string; readonly file: string },
): { readonly config: SamConfig; readonly problems: readonly ConfigProblem[] } {
  const environments = isJsonObject(config) ? config : {};
  const environment = [...stages, DEFAULT_ENVIRONMENT].find((name) => isJsonObject(environments[name]));
  if (environment === undefined) return { config: NO_SAM_CONFIG, problems: [] };
  const problems: ConfigProblem[] = [];
  const read = (command: (typeof COMMANDS)[number]): Parameters => {
    const place = [environment, command, 'parameters'];
    const written = valueAt(environments, place);
    if (written === undefined) return {};
    const checked = checkWritten(Parameters, written, { place });
    problems.push(...checked.problems);
    return checked.data ?? {};
  };
  const [global, build, deploy] = COMMANDS.map(read) as [Parameters, Parameters, Parameters];
  const all = { ...global, ...deploy };
  const place = [environment, 'deploy', 'parameters'];
  const tags = all.tags ?? {};
  problems.push(...strangeTags(tags, [...place, 'tags']));
  return {
    config: {
      environment,
      templateFile: build.template_file ?? build.template ?? all.template_file ?? all.template,
      stackName: all.stack_name,
      // What is deployed with them counts; a build alone may have been given more.
      parameters: { ...global.parameter_overrides, ...build.parameter_overrides, ...deploy.parameter_overrides },
      tags,
      notificationArns: all.notification_arns,
      roleArn: all.role_arn,
      disableRollback: all.disable_rollback,
      told: [
        ...(all.region !== undefined && all.region !== region
          ? [`${file}: "${environment}" is for region ${all.region}; the service is deployed to ${region}`]
          : []),
        ...(build.use_container || global.use_container
          ? [`${file}: "use_container" is not followed: builds run in CodeBuild's image, without Docker`]
          : []),
      ],
    },
    problems,
  };
}

/** What CloudFormation, and Seedbed, would refuse. */
function strangeTags(tags: Readonly<Record<string, string>>, place: Place): readonly ConfigProblem[] {
  return Object.entries(tags).flatMap(([key, value]) => {
    const why = OWN_TAGS.includes(key)
      ? "it is Seedbed's own: choose another name"
      : /^aws:/i.test(key)
        ? 'tags that begin with "aws:" are AWS\'s own: choose another name'
        : key.length > LIMITS.tagKey.most || value.length > LIMITS.tagValue.most
          ? `a tag has at most ${LIMITS.tagKey.most} characters in its key and ${LIMITS.tagValue.most} in its value`
          : undefined;
    return why === undefined ? [] : [{ place, message: `the tag "${key.slice(0, 60)}" cannot be given: ${why}` }];
  });
}
