import { canonicalJson, isJsonObject, type Json } from '../text/canonical-json';
import { findAliases } from './find-aliases';
import { frameworkAliases } from './framework-versions';
import { type AliasTarget, createFunctionNames, literalOf } from './function-names';
import { intrinsicOf, visitReferences } from './intrinsics';
import { mapValues, resourcesOfType, type Template } from './template';
import { createValueText, type ValueText } from './value-text';

/** Why an alias cannot stand on two versions of a function at once. */
export interface Unweightable {
  readonly code: 'role-changed' | 'dead-letter-queue-changed' | 'provisioned-concurrency';
  readonly message: string;
}

/**
 * Whether the versions before and after an update can share an alias. Lambda demands that both have the same execution
 * role and the same dead-letter queue, and refuses weights on an alias with provisioned concurrency
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html).
 *
 * Role and queue are compared as the templates have them, however they are spelt. One that a template makes counts as
 * another if its name changes, since CloudFormation then replaces it; so does one that comes by a parameter with
 * another default. What only CloudFormation knows (the values of parameters and imports given to the stack) is not seen
 * here.
 *
 * @param before the package's template that was deployed last; undefined if there is none
 * @param after  the package's template to be deployed
 * @returns the first reason that holds, or undefined
 */
export function unweightable(
  before: Template | undefined,
  after: Template,
  logicalId: string,
  alias: string,
): Unweightable | undefined {
  const was = before?.Resources[logicalId];
  const is = after.Resources[logicalId];
  if (is === undefined) return undefined;
  const values = createValueText();
  const differs = (property: string) =>
    before !== undefined &&
    was !== undefined &&
    identityOf(before, was.Properties?.[property], values) !== identityOf(after, is.Properties?.[property], values);
  if (differs('Role')) {
    return {
      code: 'role-changed',
      message:
        `the execution role of function ${logicalId} changed, and an alias can only be on two versions with the ` +
        'same role',
    };
  }
  if (differs('DeadLetterConfig')) {
    return {
      code: 'dead-letter-queue-changed',
      message:
        `the dead-letter queue of function ${logicalId} changed, and an alias can only be on two versions with ` +
        'the same one',
    };
  }
  if (hasProvisionedConcurrency(after, logicalId, alias)) {
    return {
      code: 'provisioned-concurrency',
      message:
        `function ${logicalId} has provisioned concurrency on its alias, and such an alias can only be on one ` +
        'version',
    };
  }
  return undefined;
}

/** What CloudFormation replaces roles, queues and topics for. */
const NAMES = ['RoleName', 'Path', 'QueueName', 'FifoQueue', 'TopicName', 'FifoTopic'];

/** @returns a text that is another one if `value` means something else; comparable if made with the same `values`. */
function identityOf(template: Template, value: Json | undefined, values: ValueText): string {
  const needed: Record<string, Json> = {};
  visitReferences(value, (id) => {
    const resource = template.Resources[id];
    const names = NAMES.map((name) => resource?.Properties?.[name] ?? null);
    needed[id] = resource === undefined ? (template.Parameters?.[id]?.Default ?? null) : [resource.Type, ...names];
  });
  return canonicalJson(respelt([value ?? null, needed], values));
}

/** @returns the value with each expression in one spelling, whatever it was written in. */
function respelt(value: Json, values: ValueText): Json {
  if (typeof value === 'string' || intrinsicOf(value) !== undefined) return values.encode(value);
  if (Array.isArray(value)) return value.map((element) => respelt(element, values));
  return isJsonObject(value) ? mapValues(value, (child) => child && respelt(child, values)) : value;
}

/** Whether the alias gets it: from an alias of this name, from the framework's own, or from a scaling of either. */
function hasProvisionedConcurrency(template: Template, functionId: string, alias: string): boolean {
  const own = findAliases(template, alias).get(functionId);
  const former = [...frameworkAliases(template)].filter(([, owner]) => owner === functionId);
  const aliases = [...(own === undefined ? [] : [own]), ...former.map(([id]) => id)];
  const resources = aliases.map((id) => template.Resources[id]!);
  if (resources.some(({ Properties }) => Properties?.ProvisionedConcurrencyConfig !== undefined)) return true;
  const names = resources.flatMap(({ Properties }) => literalOf(Properties?.Name) ?? []);
  const target: AliasTarget = { functionId, aliasId: own ?? '', aliasName: alias, formerQualifiers: names };
  const scalings = resourcesOfType(template, 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (scalings.length === 0) return false;
  const functions = createFunctionNames(template, [target], {});
  return scalings.some(([, { Properties }]) =>
    functions
      .mentions(functions.encode(Properties?.ResourceId ?? ''))
      .some(({ named, qualifier }) => named && [undefined, alias, ...names].includes(qualifier)),
  );
}
