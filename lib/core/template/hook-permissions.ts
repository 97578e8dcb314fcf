import type { Manifest } from '../contracts/manifest';
import type { Json } from '../text/canonical-json';
import { literalOf } from './function-names';
import { toParts } from './intrinsics';
import type { TemplateWarning } from './leftover-mentions';
import { freeId, type Resource, type Template } from './template';

/** Which hook tests which function. */
export type HookedService = Pick<Manifest, 'shift'>;

/**
 * All inline policies of a role share 10,240 characters:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_LISTED = 25;

/**
 * Lets the role of each hook do what hooks do: invoke every version of the functions they test, and report to
 * CodeDeploy as hooks did before the platform reported for them. In a policy of its own, which nothing depends on, so
 * that it closes no circle between functions and roles; one for all roles, and one more for each Condition that a role
 * has.
 *
 * @returns the template with it, and a warning for each hook whose role is not of the template
 */
export function allowHooks(
  template: Template,
  service: HookedService,
): { readonly template: Template; readonly warnings: readonly TemplateWarning[] } {
  const tested = testedByHook(template, service);
  const roles = new Set<string>();
  const warnings: TemplateWarning[] = [];
  for (const [hook, ids] of tested) {
    const roleId = roleOf(template, hook);
    if (roleId !== undefined) roles.add(roleId);
    else {
      warnings.push({
        path: `Resources.${hook}.Properties.Role`,
        message:
          `the role of hook ${hook} is not in this template; if the hook invokes what it tests, allow it ` +
          `lambda:InvokeFunction on the versions (":*") of ${[...ids].join(', ')}`,
      });
    }
  }
  const functions = [...new Set([...tested.values()].flatMap((ids) => [...ids]))];
  const result: Record<string, Resource> = { ...template.Resources };
  const conditionOf = (id: string) => template.Resources[id]!.Condition;
  for (const condition of new Set([...roles].map(conditionOf))) {
    const id = freeId({ Resources: result }, `SeedbedHooks${condition ?? ''}`);
    result[id] = {
      Type: 'AWS::IAM::Policy',
      ...(condition !== undefined && { Condition: condition }),
      Properties: {
        PolicyName: 'seedbed-hooks',
        Roles: [...roles].filter((role) => conditionOf(role) === condition).map((role) => ({ Ref: role })),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: versionsOf(template, functions, condition),
            },
            {
              Effect: 'Allow',
              Action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
              // It takes no resources, so that on any it would never be allowed:
              // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
              Resource: '*',
            },
          ],
        },
      },
    };
  }
  return { template: { ...template, Resources: result }, warnings };
}

/** By logical id of a hook, the functions that it tests. */
function testedByHook(template: Template, { shift }: HookedService): ReadonlyMap<string, ReadonlySet<string>> {
  const tested = new Map<string, Set<string>>();
  const isThere = (id: string) => template.Resources[id]?.Type === 'AWS::Lambda::Function';
  for (const [id, { preTrafficHook, postTrafficHook }] of Object.entries(shift.functions)) {
    for (const hook of [preTrafficHook, postTrafficHook]) {
      if (hook === undefined || !isThere(hook) || !isThere(id)) continue;
      tested.set(hook, (tested.get(hook) ?? new Set()).add(id));
    }
  }
  return tested;
}

/** @returns logical id of the role of a function, if it is a role of the template. */
function roleOf(template: Template, functionId: string): string | undefined {
  const parts = toParts(template.Resources[functionId]!.Properties?.Role ?? null);
  const [part] = parts;
  if (parts.length !== 1 || part?.kind !== 'att' || part.attribute !== 'Arn') return undefined;
  return template.Resources[part.id]?.Type === 'AWS::IAM::Role' ? part.id : undefined;
}

const OWN_FUNCTION = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';

/** ARNs of functions and all their versions and aliases; of many functions, by what their names have in common. */
function versionsOf(template: Template, ids: readonly string[], condition: string | undefined): readonly Json[] {
  const functions = ids.map((id) => ({ id, resource: template.Resources[id]! }));
  const names = functions.map(({ resource }) => literalOf(resource.Properties?.FunctionName));
  const isMany = ids.length > MOST_LISTED;
  const prefix = isMany ? commonPrefix(names) : '';
  if (prefix !== '') return [{ 'Fn::Sub': `${OWN_FUNCTION}${prefix}*` }];
  return functions.flatMap(({ id, resource }, index): readonly Json[] => {
    const isCertain = resource.Condition === undefined || resource.Condition === condition;
    const arn = isCertain || names[index] === undefined ? `\${${id}.Arn}` : `${OWN_FUNCTION}${names[index]}`;
    const versions = { 'Fn::Sub': `${arn}:*` };
    const arns: readonly Json[] = isMany ? [versions] : [{ 'Fn::Sub': arn }, versions];
    // A reference to a resource that does not exist fails; a name that matches nothing does not.
    if (isCertain || names[index] !== undefined) return arns;
    return arns.map((one) => ({ 'Fn::If': [resource.Condition!, one, { Ref: 'AWS::NoValue' }] }));
  });
}

/** @returns what all names begin with, up to a `-`: `orders-prod-`; empty if one of them is not known. */
function commonPrefix(names: readonly (string | undefined)[]): string {
  const [first = '', ...others] = names;
  let length = first.lastIndexOf('-') + 1;
  while (length > 0 && !others.every((name) => name?.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf('-', length - 2) + 1;
  }
  return first.slice(0, length);
}
