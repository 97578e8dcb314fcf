import type { Template } from '../../../lib/core/template/template';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/core/text/canonical-json';

/** Which conditions hold. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Region and account that the pseudo parameters stand for. */
export const HOME = { region: 'eu-west-1', accountId: '123456789012' };

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': HOME.region,
  'AWS::AccountId': HOME.accountId,
  'AWS::Partition': 'aws',
  'AWS::StackName': 'shop-dev',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * A second, independent reading of intrinsics: what CloudFormation would make of a value. Tests compare what a
 * rewritten value means, not how it is spelt.
 */
export function resolveValue(template: Template, value: Json, conditions: Conditions = {}): string {
  const resolve = (inner: Json) => resolveValue(template, inner, conditions);
  if (!isJsonObject(value)) return String(value);
  const [[name, argument]] = Object.entries(value) as [[string, Json]];
  switch (name) {
    case 'Ref':
      return resolveRef(template, argument as string, conditions);
    case 'Fn::GetAtt': {
      const [id, attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
      return resolveAttribute(template, { id: id!, attribute: attribute! }, conditions);
    }
    case 'Fn::Join': {
      const [delimiter, list] = argument as unknown as [string, Json[]];
      return list.map(resolve).join(delimiter);
    }
    case 'Fn::If': {
      const [condition, yes, no] = argument as unknown as [string, Json, Json];
      return resolve(conditions[condition] ? yes : no);
    }
    case 'Fn::Sub': {
      const [text, own] = Array.isArray(argument) ? (argument as [string, JsonObject]) : [argument as string, {}];
      return text.replaceAll(/\$\{([^}]*)\}/g, (_, variable: string) => {
        if (variable.startsWith('!')) return `\${${variable.slice(1)}}`;
        if (own[variable] !== undefined) return resolve(own[variable]);
        return variable.includes('.') ? resolve({ 'Fn::GetAtt': variable }) : resolve({ Ref: variable });
      });
    }
    case 'Fn::Select': {
      const [position, split] = argument as unknown as [string | number, { 'Fn::Split': [string, Json] }];
      return resolve(split['Fn::Split'][1]).split(split['Fn::Split'][0])[Number(position)]!;
    }
    default:
      throw new Error(`${name} is none of the intrinsics that this test resolves`);
  }
}

function resolveRef(template: Template, id: string, conditions: Conditions): string {
  const resource = template.Resources[id];
  const resolve = (key: string) => resolveValue(template, resource!.Properties![key]!, conditions);
  if (resource === undefined) return PSEUDO[id] ?? `<parameter ${id}>`;
  if (resource.Type === 'AWS::Lambda::Function') {
    return resource.Properties?.FunctionName === undefined ? `shop-dev-${id}` : resolve('FunctionName');
  }
  if (resource.Type === 'AWS::Lambda::Alias') return `${arnOf(resolve('FunctionName'))}:${resolve('Name')}`;
  return `<${id}>`;
}

const arnOf = (name: string): string =>
  name.startsWith('arn:') ? name : `arn:aws:lambda:${HOME.region}:${HOME.accountId}:function:${name}`;

function resolveAttribute(
  template: Template,
  { id, attribute }: { readonly id: string; readonly attribute: string },
  conditions: Conditions,
): string {
  const isFunction = template.Resources[id]?.Type === 'AWS::Lambda::Function';
  return isFunction && attribute === 'Arn' ? arnOf(resolveRef(template, id, conditions)) : `<${id}.${attribute}>`;
}
