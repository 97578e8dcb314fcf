import fc from 'fast-check';
import type { Json, JsonObject } from '../../../lib/core/canonical-json';
import { INVOCATION_SITES } from '../../../lib/core/template/invocation-sites';
import type { Resource, Template } from '../../../lib/core/template/template';
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
  readonly condition: boolean;
  readonly framework: boolean;
}

const place: fc.Arbitrary<Place> = fc.record({
  isFunction: fc.boolean(),
  // A document has its own tests; here every place holds one expression.
  site: fc.constantFrom(...INVOCATION_SITES.filter(({ form }) => form !== 'document')),
  target: fc.nat(11),
  extra: fc.constantFrom('permission', 'policy', 'variable', 'none'),
  waitsFor: fc.nat(11),
  named: fc.boolean(),
  condition: fc.boolean(),
  framework: fc.boolean(),
});

/**
 * Templates of up to a dozen functions and places that invoke them, in any order. A resource refers only to resources
 * before it, so there is no circle; whatever comes before its function names it by a literal ARN, as people do to avoid one.
 */
export const aGeneratedTemplate: fc.Arbitrary<Generated> = fc
  .array(place, { minLength: 2, maxLength: 12 })
  .chain((places) => {
    const functions = places.flatMap(({ isFunction }, index) => (isFunction || index === 0 ? [index] : []));
    const idOf = (index: number) => (functions.includes(index) ? `Fn${index}LambdaFunction` : `Site${index}`);
    const expressions = places.map((one, index) => {
      const target = functions[one.target % functions.length]!;
      return qualified(wrap(arnExpression(idOf(target), target >= index)));
    });
    return fc.tuple(...expressions).map((values) => {
      const resources: Record<string, Resource> = {};
      const sites = new Map<string, string>();
      places.forEach((one, index) => {
        const earlier = index === 0 ? undefined : idOf(one.waitsFor % index);
        const value = values[index]!;
        const id = idOf(index);
        if (functions.includes(index)) addFunction(resources, { id, one, earlier });
        else {
          resources[id] = aResource(one.site.type, propertiesWith(one.site.path, value), more(one, earlier));
          sites.set(id, one.site.path);
          addExtra(resources, { id, one, value });
        }
      });
      return { template: aTemplate(resources, { Conditions: { Blue: {}, Here: {} } }), sites };
    });
  });

const more = ({ condition }: Place, earlier: string | undefined): Partial<Resource> => ({
  ...(condition ? { Condition: 'Here' } : {}),
  ...(earlier === undefined ? {} : { DependsOn: earlier }),
});

function addFunction(
  resources: Record<string, Resource>,
  { id, one, earlier }: { readonly id: string; readonly one: Place; readonly earlier: string | undefined },
): void {
  const environment: JsonObject =
    earlier === undefined ? {} : { Environment: { Variables: { EARLIER: { Ref: earlier } } } };
  resources[id] = aFunction({ FunctionName: nameOf(id), ...environment }, one.condition ? { Condition: 'Here' } : {});
  if (!one.framework) return;
  const version = `${id.replace(/Function$/, 'Version')}${'x9Y8'.repeat(10)}`;
  resources[version] = aResource('AWS::Lambda::Version', { FunctionName: { Ref: id }, CodeSha256: 'x' });
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
