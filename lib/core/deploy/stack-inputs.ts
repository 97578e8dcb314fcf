import { ReleaseError } from '../contracts/errors';
import { LIMITS } from '../contracts/limits';
import { NO_STACK_SETTINGS, OWN_TAGS, type StackSettings } from '../contracts/stack-settings';
import type { Template } from '../template/template';
import { isJsonObject, type Json } from '../text/canonical-json';
import { nameSome } from '../text/name-some';

/** Tags that AWS gives by itself; nobody may write them. */
const OF_AWS = /^aws:/i;
/** A stack cannot be without a policy again once it has one; this is what it has without one. */
const ALL_ALLOWED: readonly Json[] = [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }];

/** A stack before a release, and the settings of it that the release before gave it. */
export interface StackBefore {
  readonly stack?: {
    readonly tags: Readonly<Record<string, string>>;
    readonly parameters?: Readonly<Record<string, string>>;
  };
  readonly settings?: StackSettings;
}

/** What a stack is given beside its template; what is absent stays as it is. */
export interface StackInputs {
  readonly tags: Readonly<Record<string, string>>;
  /** `null`: the value that the stack has. */
  readonly parameters: Readonly<Record<string, string | null>>;
  readonly notificationArns?: readonly string[];
  readonly policy?: readonly Json[];
  readonly rollback?: StackSettings['rollback'];
  readonly disableRollback: boolean;
}

/**
 * Says what a stack is given beside its template: what the service says, what Seedbed says, and what the stack has that
 * neither of them gave it. What the service said at its last release and says no more is taken back.
 *
 * @param ours    tags that the stack is to have whatever it has
 * @param current the template that it has; undefined if there is none, or it cannot be read
 * @throws ReleaseError `ConfigInvalid` if these are more tags than a stack takes, a parameter has no value, or the
 *   stack has another value than the template was made with
 */
export function stackInputs(
  before: StackBefore,
  {
    settings = NO_STACK_SETTINGS,
    ours,
    current,
    next,
  }: {
    readonly settings?: StackSettings;
    readonly ours: Readonly<Record<string, string>>;
    readonly current: Template | undefined;
    readonly next: Template;
  },
): StackInputs {
  const { notificationArns, policy, rollback, disableRollback = false } = settings;
  return {
    tags: tagsOf(before, { ...settings.tags, ...ours }),
    parameters: parametersOf(before, { settings, current, next }),
    ...takenBack('notificationArns', notificationArns, before.settings?.notificationArns && []),
    ...takenBack('policy', policy, before.settings?.policy && ALL_ALLOWED),
    ...takenBack('rollback', rollback, before.settings?.rollback && { alarms: [] }),
    disableRollback,
  };
}

const takenBack = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
  otherwise: Value | undefined,
): { readonly [K in Key]?: Value } => {
  const given = value ?? otherwise;
  return given === undefined ? {} : ({ [key]: given } as { readonly [K in Key]: Value });
};

/**
 * The tags that a stack is given take the place of all that it has
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html), and with them those of its
 * resources: what somebody else gave it, costs are told apart by, say.
 */
function tagsOf({ stack, settings }: StackBefore, given: Readonly<Record<string, string>>): Record<string, string> {
  const former = settings?.tags ?? {};
  const found = Object.entries(stack?.tags ?? {}).filter(([key]) => !OF_AWS.test(key) && former[key] === undefined);
  const tags = { ...Object.fromEntries(found), ...given };
  const count = Object.keys(tags).length;
  if (count <= LIMITS.stackTags.most) return tags;
  const others = Object.keys(tags).filter((key) => given[key] === undefined);
  throw new ReleaseError(
    'ConfigInvalid',
    `the stack would have ${count} tags, and CloudFormation takes ${LIMITS.stackTags.most}: ${Object.keys(given).length} of ` +
      `"provider.stackTags", the framework and Seedbed (${nameSome(OWN_TAGS)}), and ${others.length} that it has from ` +
      `elsewhere (${nameSome(others)}); remove some of "provider.stackTags", or of the stack's own`,
  );
}

/**
 * A parameter that an update does not give has the template's default again. What a stack was given once it keeps,
 * unless the service gave it; what it had as the default follows the default of its next template.
 */
function parametersOf(
  { stack, settings: former }: StackBefore,
  {
    settings,
    current,
    next,
  }: { readonly settings: StackSettings; readonly current: Template | undefined; readonly next: Template },
): Record<string, string | null> {
  const found = stack?.parameters ?? {};
  const given: Record<string, string | null> = {};
  const missing: string[] = [];
  for (const name of Object.keys(next.Parameters ?? {})) {
    const written = settings.parameters[name];
    const has = found[name] !== undefined;
    const isOthers = has && former?.parameters[name] == null && found[name] !== defaultOf(current, name);
    const made = settings.madeWith?.[name];
    if (isOthers && made !== undefined && made !== found[name])
      throw madeWithAnother(name, { made, has: found[name]! });
    if (typeof written === 'string') given[name] = written;
    else if (has && (written === null || isOthers || defaultOf(next, name) === undefined)) given[name] = null;
    else if (defaultOf(next, name) === undefined) missing.push(name);
  }
  if (missing.length === 0) return given;
  throw new ReleaseError(
    'ConfigInvalid',
    `the template's ${missing.length === 1 ? 'parameter' : 'parameters'} ${nameSome(missing.map((name) => `"${name}"`))} ` +
      `${missing.length === 1 ? 'has' : 'have'} no value: write one in serverless.yml, key "provider.stackParameters", or a ` +
      `"Default" under "resources.Parameters"`,
  );
}

/** The translator of SAM has put values into the template, so that the stack cannot keep another one. */
const madeWithAnother = (name: string, { made, has }: { readonly made: string; readonly has: string }): ReleaseError =>
  new ReleaseError(
    'ConfigInvalid',
    `the stack has "${has}" for the parameter "${name}", and the template was made with its default, "${made}"; write the ` +
      `value that it is to have in samconfig.toml: parameter_overrides = "${name}=${has}", in the environment of the stage ` +
      'or in [default.deploy.parameters]',
  );

function defaultOf(template: Template | undefined, name: string): string | undefined {
  const { Default } = template?.Parameters?.[name] ?? {};
  return Default === undefined || isJsonObject(Default) ? undefined : String(Default);
}
