import { transformTemplate } from '../../../lib/core/template/alias-transform';
import type { Resource } from '../../../lib/core/template/template';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options } from './build-template';

const ATT: Json = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const LIVE: Json = { Ref: 'FnAliasLive' };
const NAME = 'shop-orders';

const url = (TargetFunctionArn: Json, more: JsonObject = {}): Resource =>
  aResource('AWS::Lambda::Url', { TargetFunctionArn, AuthType: 'NONE', ...more });
const permission = (FunctionName: Json, more: JsonObject = {}): Resource =>
  aResource('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionName, Principal: '*', ...more });
const template = (target: Json, more: JsonObject = {}) =>
  aTemplate({
    Fn: aFunction({ FunctionName: NAME }),
    Other: aFunction(),
    Url: url(target, more),
    Permission: permission(ATT),
  });

/** What becomes of the URL, the permission and all else when a template takes the place of another. */
const transformed = (deployed: Json | Resource, next: Json = ATT, movable: readonly string[] = []) => {
  const isResource = typeof deployed === 'object' && deployed !== null && 'Type' in deployed;
  const before = isResource ? (deployed as Resource) : url(deployed as Json);
  const {
    template: result,
    keptUrls,
    warnings,
  } = transformTemplate(
    template(next),
    options({
      deployed: aTemplate({ Fn: aFunction({ FunctionName: NAME }), Url: before }),
      movableUrls: new Set(movable),
    }),
  );
  const { Url, Permission } = result.Resources;
  return {
    target: Url!.Properties!.TargetFunctionArn,
    permission: Permission!.Properties!.FunctionName,
    kept: keptUrls.map(({ logicalId, functionId }) => [logicalId, functionId]),
    warnings: warnings.filter(({ path }) => /Url|Permission/.test(path)),
    ids: Object.keys(result.Resources).sort(),
  };
};
const KEPT = [['Url', 'Fn']];

describe('a function URL that the stack has for the function itself', () => {
  it.each<[string, Json]>([
    ['its ARN', ATT],
    ['its name', { Ref: 'Fn' }],
    ['its name written out', NAME],
    ['an ARN put together', { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}' }],
  ])('stays, with its permission and without a warning, where it is written as %s', (_, target) => {
    const { ids, ...found } = transformed(target, target);
    expect(found).toEqual({ target, permission: ATT, kept: KEPT, warnings: [] });
    expect(ids).not.toContain('PermissionLive');
  });

  it('stays as the stack has it, however the framework writes it now', () => {
    expect(transformed({ Ref: 'Fn' }, ATT)).toMatchObject({ target: { Ref: 'Fn' }, kept: KEPT });
  });

  it('stays with each further release', () => {
    const once = transformTemplate(template(ATT), options({ deployed: template(ATT) }));
    const again = transformTemplate(template(ATT), options({ deployed: once.template }));
    expect(again.template.Resources.Url).toEqual(once.template.Resources.Url);
    expect(again.keptUrls).toHaveLength(1);
  });

  it('keeps other properties as the service wants them now', () => {
    const next = template(ATT, { Cors: { AllowOrigins: ['*'] } });
    const { template: result } = transformTemplate(next, options({ deployed: template(ATT) }));
    expect(result.Resources.Url!.Properties).toEqual({
      TargetFunctionArn: ATT,
      AuthType: 'NONE',
      Cors: { AllowOrigins: ['*'] },
    });
  });

  it('moves to the alias, with its permission, if its address may change', () => {
    expect(transformed(ATT, ATT, ['Url'])).toMatchObject({ target: LIVE, permission: LIVE, kept: [] });
    expect(transformed(ATT, ATT, ['Other'])).toMatchObject({ target: ATT, kept: KEPT });
  });

  it('leaves the permissions of other invokers where they were', () => {
    const forOther = permission({ 'Fn::GetAtt': ['Other', 'Arn'] });
    const next = aTemplate({ ...template(ATT).Resources, OtherUrl: url({ Ref: 'Other' }), ForOther: forOther });
    const { template: result } = transformTemplate(next, options({ deployed: template(ATT) }));
    expect(result.Resources.ForOther!.Properties!.FunctionName).toEqual({ Ref: 'OtherAliasLive' });
    expect(result.Resources.OtherUrl!.Properties!.TargetFunctionArn).toEqual({ Ref: 'OtherAliasLive' });
  });
});

describe('a function URL moves to the alias', () => {
  it.each<[string, Json | Resource]>([
    ['as the platform made it', LIVE],
    ['if it was for another function', { Ref: 'Other' }],
    ['if it was for an alias', url(ATT, { Qualifier: 'live' })],
    ['if it was for an alias of the ARN', { 'Fn::Sub': '${Fn.Arn}:prod' }],
    ['if there was something else in its place', aResource('AWS::SNS::Topic', { TargetFunctionArn: ATT })],
    ['if nobody can say what it was for', { 'Fn::ImportValue': 'some' }],
    ['if it was for a function of another account', 'arn:aws:lambda:eu-west-1:999999999999:function:shop-orders'],
  ])('%s', (_, deployed) => {
    expect(transformed(deployed)).toMatchObject({ target: LIVE, permission: LIVE, kept: [] });
  });

  it('if the stack has none', () => {
    const { template: result, keptUrls } = transformTemplate(template(ATT), options());
    expect(result.Resources.Url!.Properties!.TargetFunctionArn).toEqual(LIVE);
    expect(keptUrls).toEqual([]);
  });
});

describe("a function URL with its author's own qualifier", () => {
  it('stays as it is, whatever the stack has', () => {
    const next = template(ATT, { Qualifier: 'prod' });
    for (const deployed of [undefined, template(ATT), next]) {
      const { template: result, keptUrls } = transformTemplate(next, options({ deployed }));
      expect(result.Resources.Url).toEqual(next.Resources.Url);
      expect(keptUrls).toEqual([]);
    }
  });
});
