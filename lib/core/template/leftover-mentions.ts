import { isJsonObject, type Json } from '../text/canonical-json';
import type { AliasTarget, FunctionNames, Mention } from './function-names';
import { ifArguments, intrinsicOf, visitReferences } from './intrinsics';
import { LEFT_TO_PEOPLE, QUALIFIED_SITES, WITHOUT_ALIAS } from './invocation-sites';
import type { Template } from './template';

/** Something a person should look at. `path` is as in `Resources.<id>.Properties.Targets[0].Arn`. */
export interface TemplateWarning {
  readonly path: string;
  readonly message: string;
}

/**
 * Property paths (by prefix) where naming a function does not mean invoking it; an empty prefix is the whole resource.
 */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Function': ['FunctionName', 'LoggingConfig'],
  'AWS::Lambda::Version': [''],
  'AWS::Lambda::Alias': [''],
  'AWS::Lambda::Permission': [''],
  ...Object.fromEntries(QUALIFIED_SITES.map(({ type, path }) => [type, [path]])),
  'AWS::Lambda::Url': ['TargetFunctionArn'],
  'AWS::Logs::LogGroup': [''],
  'AWS::Logs::MetricFilter': [''],
  'AWS::Logs::SubscriptionFilter': ['LogGroupName'],
  'AWS::CloudWatch::Alarm': ['Dimensions', 'Metrics', 'AlarmName', 'AlarmDescription'],
  'AWS::CloudWatch::Dashboard': [''],
  'AWS::SSM::Parameter': [''],
  // The CDK's own: it sets how long the function's logs are kept.
  'Custom::LogRetention': ['LogGroupName'],
};

/** Custom resources have to keep their service token: CloudFormation refuses to change it. */
const isHarmless = (type: string, path: string): boolean =>
  type.startsWith('AWS::IAM::') ||
  path === 'ServiceToken' ||
  (HARMLESS[type] ?? []).some((prefix) => path.startsWith(prefix));

/**
 * @returns a warning for each place that still names an aliased function without a version or alias, and for each
 *   output that gives out its ARN.
 */
export function findLeftoverMentions(template: Template, names: FunctionNames): readonly TemplateWarning[] {
  const warnings: TemplateWarning[] = [];
  for (const [id, resource] of Object.entries(template.Resources)) {
    visitValues(resource.Properties ?? {}, '', (value, path) => {
      if (isHarmless(resource.Type, path)) return;
      for (const found of mentionsOf(value, path, names)) {
        warnings.push({ path: `Resources.${id}.Properties.${path}`, message: describe(found, resource.Type) });
      }
    });
  }
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    for (const { functionId, aliasName } of arnsIn(output.Value, names)) {
      warnings.push({
        path: `Outputs.${name}.Value`,
        message:
          `gives out the plain ARN of function ${functionId}; whoever invokes it by that runs the newest code, even ` +
          `during a shift; append ":${aliasName}" to it`,
      });
    }
  }
  return warnings;
}

/** @returns the functions of which a value has a whole ARN without a version or alias. */
function arnsIn(value: Json | undefined, names: FunctionNames): readonly AliasTarget[] {
  if (value === undefined) return [];
  const branches = ifArguments(value)?.slice(1);
  if (branches !== undefined) return branches.flatMap((branch) => arnsIn(branch, names));
  // A name alone says nothing of invoking: tools and dashboards take it too.
  const isArn = ({ kind, whole, named, home }: Mention) =>
    home !== 'elsewhere' && (kind === 'arn' || (named && !whole));
  return names
    .mentions(names.encode(value))
    .flatMap((mention) => (isArn(mention) && mention.qualifier === undefined ? [mention.target] : []));
}

interface Leftover {
  readonly target: AliasTarget;
  /** `former`: by the framework's own alias, which is gone; `unsure`: by an ARN that may be of another account. */
  readonly kind: 'plain' | 'former' | 'unsure';
}

function mentionsOf(value: Json, path: string, names: FunctionNames): readonly Leftover[] {
  const text = names.encode(value);
  const found = new Map<string, Leftover>();
  for (const { target, qualifier, home, literal, named } of names.mentions(text)) {
    // A bare word equal to a function's name is that name only if something says so.
    const isMeant = !literal || home === 'unknown' || (named && (text.includes(':') || /functionname$/i.test(path)));
    const former = qualifier !== undefined && target.formerQualifiers.includes(qualifier);
    if (!isMeant || home === 'elsewhere' || (qualifier !== undefined && !former)) continue;
    found.set(target.functionId, { target, kind: former ? 'former' : home === 'unknown' ? 'unsure' : 'plain' });
  }
  for (const { part } of names.parts(text)) {
    const isRead = part.kind !== 'other' || names.mentions(names.token(part)).length > 0;
    for (const inner of isRead ? [] : withinUnread(part.value, path, names)) found.set(inner.target.functionId, inner);
  }
  return [...found.values()];
}

/** What an intrinsic names that is not taken apart: an Fn::If by its branches, any other by what it refers to. */
function withinUnread(value: Json, path: string, names: FunctionNames): readonly Leftover[] {
  const branches = ifArguments(value);
  if (branches !== undefined) return branches.slice(1).flatMap((branch) => mentionsOf(branch, path, names));
  if (isAround(value)) return [];
  const found: Leftover[] = [];
  visitReferences(value, (id, attribute) => {
    const part = attribute === undefined ? ({ kind: 'ref', id } as const) : ({ kind: 'att', id, attribute } as const);
    const [mention] = names.mentions(names.token(part));
    if (mention !== undefined) found.push({ target: mention.target, kind: 'plain' });
  });
  return found;
}

/** Whether it cuts partition, service, Region or account out of an ARN, as the CDK does to put other ARNs together. */
function isAround(value: Json): boolean {
  const [position, list] = (isJsonObject(value) && Array.isArray(value['Fn::Select']) && value['Fn::Select']) || [];
  const split = isJsonObject(list) ? list['Fn::Split'] : undefined;
  return Array.isArray(split) && split[0] === ':' && /^[0-4]$/.test(String(position));
}

function describe({ target, kind }: Leftover, type: string): string {
  const { functionId, aliasName } = target;
  if (kind === 'unsure') {
    return (
      `names function ${functionId} by an ARN written out in full; write Fn::GetAtt [${functionId}, Arn], so ` +
      `that it can be pointed at alias "${aliasName}"`
    );
  }
  if (kind === 'former') {
    return (
      `names alias "${target.formerQualifiers.join()}" of function ${functionId}, in whose place there is ` +
      `"${aliasName}" now; write that instead`
    );
  }
  if (type === 'AWS::Lambda::Function') {
    return (
      `names function ${functionId} without an alias; code that invokes it by this name runs the newest code, ` +
      `even during a shift; append ":${aliasName}" to the name`
    );
  }
  const obstacle = WITHOUT_ALIAS[type];
  if (obstacle !== undefined) {
    return (
      `${type} invokes function ${functionId} and cannot invoke an alias (${obstacle}), so it runs the newest ` +
      'code, even during a shift'
    );
  }
  const advice = LEFT_TO_PEOPLE[type];
  if (advice !== undefined) {
    return (
      `${type} invokes function ${functionId} by its plain name or ARN, so it runs the newest code, even during a ` +
      `shift; ${advice} ("${aliasName}")`
    );
  }
  if (type.startsWith('Custom::')) {
    return (
      `custom resource that is given function ${functionId}; if it makes something invoke the function (an ` +
      'existing bucket, bus or user pool), that runs the newest code, even during a shift; have it invoked by a ' +
      'resource of the template instead'
    );
  }
  return (
    `${type} names function ${functionId} here and is not known to invoke it; if it does, append ":${aliasName}" ` +
    'to its ARN'
  );
}

/**
 * Visits every text and every intrinsic in `value`; of an Fn::If both branches, in which a list or object may stand.
 */
function visitValues(value: Json, path: string, visit: (value: Json, path: string) => void): void {
  const branches = ifArguments(value);
  if (branches !== undefined) {
    for (const branch of branches.slice(1)) visitValues(branch, path, visit);
  } else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) visitValues(element, `${path}[${index}]`, visit);
  } else if (typeof value === 'string' || intrinsicOf(value) !== undefined) {
    visit(value, path);
  } else if (isJsonObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      const isQualified = key === 'FunctionName' && (value.Qualifier ?? value['Qualifier.$']) !== undefined;
      if (child !== undefined && !isQualified) visitValues(child, path === '' ? key : `${path}.${key}`, visit);
    }
  }
}
