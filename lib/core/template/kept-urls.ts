import type { Json } from '../text/canonical-json';
import type { FunctionNames } from './function-names';
import { resourcesOfType, type Template } from './template';

/** A function URL that stays as the stack has it. */
export interface KeptUrl {
  readonly logicalId: string;
  readonly functionId: string;
  /** What the stack's template says that it invokes. */
  readonly target: Json;
}

const URL = 'AWS::Lambda::Url';

/**
 * A function URL has its address for as long as it invokes the same: function and qualifier can only be given as it is
 * made (docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html). So one that
 * something else than the platform made, and that invokes a function itself, cannot be pointed at the alias without
 * breaking whoever has its address.
 *
 * @param options `deployed`: the template that the stack has; `movableUrls`: those that may get another address
 * @returns the URLs that stay as they are
 */
export function findKeptUrls(
  template: Template,
  names: FunctionNames,
  { deployed, movableUrls }: { readonly deployed?: Template; readonly movableUrls?: ReadonlySet<string> },
): readonly KeptUrl[] {
  const functionOf = (target: Json | undefined): string | undefined => {
    const [mention] = target === undefined ? [] : names.mentions(names.encode(target));
    const isPlain = mention?.qualifier === undefined && mention?.home === 'here';
    return isPlain ? mention.target.functionId : undefined;
  };
  return resourcesOfType(template, URL).flatMap(([logicalId, { Properties }]): readonly KeptUrl[] => {
    const before = deployed?.Resources[logicalId];
    const target = before?.Properties?.TargetFunctionArn;
    const functionId = functionOf(target);
    const isUnqualified = Properties?.Qualifier === undefined && before?.Properties?.Qualifier === undefined;
    if (before?.Type !== URL || target === undefined || functionId === undefined || !isUnqualified) return [];
    if (movableUrls?.has(logicalId) || functionOf(Properties?.TargetFunctionArn) !== functionId) return [];
    return [{ logicalId, functionId, target }];
  });
}
