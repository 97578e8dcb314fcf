import fc from 'fast-check';
import { INVOCATION_SITES } from '../../../lib/core/template/invocation-sites';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, propertiesWith } from './build-template';

/** A generated template, and what each of its places is about. */
export interface Generated {
  readonly template: Template;
  /** Places of the table, by logical id of the resource. */
  readonly sites: ReadonlyMap<string, string>;
}

const OWN = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';
const QUALIFIERS = [undefined, undefined, undefined, '3', 'blue', '$LATEST', 'live'];

const nameOf = (id: string): string => `shop-${id.toLowerCase()}`;

/** ARN of function `id` in some spelling; those that do not refer to its resource if `apart`. */
function arnExpression(id: string, apart: boolean): fc.Arbitrary<Json> {
  const literal: fc.Arbitrary<Json> = fc.constantFrom<Json>(
    { 'Fn::Sub': `${OWN}${nameOf(id)}` },
    { 'Fn::Join': ['', [{ 'Fn::Sub': OWN }, nameOf(id)]] },
    {
      'Fn::Join': [':', ['arn:aws:lambda', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, 'function', nameOf(id)]],
    },
    { 'Fn::Sub': [`${OWN}\${Name}`, { Name: nameOf(id) }] },
  );
  const referring: fc.Arbitrary<Json> = fc.constantFrom<Json>(
    { 'Fn::GetAtt': [id, 'Arn'] },
    { 'Fn::GetAtt': `${id}.Arn` },
    { 'Fn::Sub': `\${${id}.Arn}` },
    { 'Fn::Sub': `${OWN}\${${id}}` },
    { 'Fn::Sub': ['${A}', { A: { 'Fn::GetAtt': [id, 'Arn'] } }] },
    { 'Fn::Join': ['', [{ 'Fn::Sub': OWN }, { Ref: id }]] },
  );
  return apart ? literal : fc.oneof(literal, referring);
}

/** Name of function `id` in some spelling. */
const nameExpression = (id: string, apart: boolean): fc.Arbitrary<Json> =>
  fc.constantFrom<Json>(
    nameOf(id),
    { 'Fn::Join': ['-', ['shop', id.toLowerCase()]] },
    ...(apart ? [] : [{ Ref: id }, { 'Fn::Sub': `\${${id}}` }, { 'Fn::If': ['Blue', { Ref: id }, nameOf(id)] }]),
  );

const wrap = (arn: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    arn,
    arn.map((one): Json => ({ 'Fn::Join': ['', [one]] })),
    arn.map((one): Json => ({ 'Fn::Sub': ['${X}', { X: one }] })),
    arn.map(
      (one): Json => ({ 'Fn::Join': ['', ['arn:aws:apigateway:x:lambda:path/functions/', one, '/invocations']] }),
    ),
    arn.map(
      (one): Json => ({ 'Fn::Sub': ['arn:aws:apigateway:${AWS::Region}:lambda:path/${X}/invocations', { X: one }] }),
    ),
    fc.tuple(arn, arn).map(([yes, no]): Json => ({ 'Fn::If': ['Blue', yes, no] })),
    fc
      .tuple(arn, arn)
      .map(([yes, no]): Json => ({ 'Fn::Join': ['/', ['path', { 'Fn::If': ['Blue', yes, no] }, 'invocations']] })),
  );

const qualified = (arn: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .tuple(arn, fc.constantFrom(...QUALIFIERS))
    .map(([one, qualifier]): Json => (qualifier === undefined ? one : { 'Fn::Join': [':', [one, qualifier]] }));

interface Place {
  readonly isFunction: boolean;
  readonly site: (typeof INVOCATION_SITES)[number];
  readonly target: number;
  readonly extra: 'permission' | 'policy' | 'variable' | 'none';
  readonly waitsFor: number;
  readonly named: boolean;
  readonly condition: 'Here' | 'There' | undefined;
  /** What is there of the function's versions and aliases already. */
  readonly published: 'nothing' | 'version' | 'provisioned' | 'alias';
}

const place: fc.Arbitrary<Place> = fc.record({
  isFunction: fc.boolean(),
  site: fc.constantFrom(...INVOCATION_SITES),
  target: fc.nat(11),
  extra: fc.constantFrom('permission', 'policy', 'variable', 'none'),
  waitsFor: fc.nat(11),
  named: fc.boolean(),
  condition: fc.constantFrom('Here', 'There', undefined),
  published: fc.constantFrom('nothing', 'version', 'provisioned', 'alias'),
});

/**
 * Templates of up to a dozen functions and places that invoke them, in any order. A resource refers only to resources
 * before it, so there is no circle; whatever comes before its function names it by a literal ARN, as people do to avoid
 * one.
 */
export const aGeneratedTemplate: fc.Arbitrary<Generated> = fc
  .array(place, { minLength: 2, maxLength: 12 })
  .chain((places) => {
    const functions = places.flatMap(({ isFunction }, index) => (isFunction || index === 0 ? [index] : []));
    const idOf = (index: number) => (functions.includes(index) ? `Fn${index}LambdaFunction` : `Site${index}`);
    const expressions = places.map((one, index) => {
      const target = functions[one.target % functions.length]!;
      const id = idOf(target);
      const isName = ['name', 'substitution'].includes(one.site.form);
      const arn = wrap(arnExpression(id, target >= index));
      return qualified(isName ? fc.oneof(arn, nameExpression(id, target >= index)) : arn);
    });
    return fc.tuple(...expressions).map((values) => {
      const resources: Record<string, Resource> = {};
      const sites = new Map<string, string>();
      const outputs: Record<string, JsonObject> = {};
      places.forEach((one, index) => {
        const earlier = index === 0 ? undefined : idOf(one.waitsFor % index);
        const value = values[index]!;
        const id = idOf(index);
        if (functions.includes(index)) Object.assign(outputs, addFunction(resources, { id, one, earlier }));
        else {
          resources[id] = aResource(one.site.type, propertiesWith(one.site, value), more(one, earlier));
          sites.set(id, one.site.path);
          resources[`${id}Table`] = aResource(
            'AWS::DynamoDB::Table',
            { Tags: [{ Key: 'of', Value: id }] },
            more(one, earlier),
          );
          addExtra(resources, { id, one, value });
        }
      });
      return {
        template: aTemplate(resources, { Conditions: { Blue: {}, Here: {}, There: {} }, Outputs: outputs }),
        sites,
      };
    });
  });

const more = ({ condition }: Place, earlier: string | undefined): Partial<Resource> => ({
  ...(condition === undefined ? {} : { Condition: condition }),
  ...(earlier === undefined ? {} : { DependsOn: earlier }),
});

/** @returns the outputs that the framework adds for what is published. */
function addFunction(
  resources: Record<string, Resource>,
  { id, one, earlier }: { readonly id: string; readonly one: Place; readonly earlier: string | undefined },
): Record<string, JsonObject> {
  const { condition, published } = one;
  const when = condition === undefined ? {} : { Condition: condition };
  const environment: JsonObject =
    earlier === undefined ? {} : { Environment: { Variables: { EARLIER: { Ref: earlier } } } };
  resources[id] = aFunction({ FunctionName: nameOf(id), ...environment }, when);
  if (published === 'nothing') return {};
  const version = `${id.replace(/Function$/, 'Version')}${'x9Y8'.repeat(10)}`;
  resources[version] = aResource('AWS::Lambda::Version', { FunctionName: { Ref: id }, CodeSha256: 'x' }, when);
  const alias = (Name: string) =>
    aResource(
      'AWS::Lambda::Alias',
      { FunctionName: { Ref: id }, FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] }, Name },
      when,
    );
  if (published === 'alias') resources[`${id}Own`] = alias('live');
  if (published === 'provisioned') {
    const ProvisionedConcurrencyConfig = { ProvisionedConcurrentExecutions: 1 };
    const { Properties, ...rest } = alias('provisioned');
    const properties: JsonObject = { ...Properties, ProvisionedConcurrencyConfig };
    resources[id.replace(/LambdaFunction$/, 'ProvConcLambdaAlias')] = { ...rest, Properties: properties };
  }
  return { [`${id}QualifiedArn`]: { Value: { Ref: version } }, [`${id}Arn`]: { Value: { 'Fn::GetAtt': [id, 'Arn'] } } };
}

function addExtra(
  resources: Record<string, Resource>,
  { id, one, value }: { readonly id: string; readonly one: Place; readonly value: Json },
): void {
  if (one.extra === 'permission') {
    resources[`${id}Permission`] = aResource('AWS::Lambda::Permission', {
      FunctionName: value,
      Action: 'lambda:InvokeFunction',
      Principal: one.site.principal ?? 'elsewhere.amazonaws.com',
      ...(one.named ? { SourceArn: { 'Fn::Sub': `\${${id}}/x` } } : {}),
    });
  }
  if (one.extra === 'policy') {
    const statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: one.named ? value : [value] };
    resources[`${id}Policy`] = aResource('AWS::IAM::Policy', { PolicyDocument: { Statement: [statement] } });
  }
  if (one.extra === 'variable') resources[`${id}Other`] = aResource('AWS::New::Thing', { Value: value });
}
