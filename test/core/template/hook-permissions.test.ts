import fc from 'fast-check';
import { NO_SHIFT_SETTINGS, type ShiftSettings } from '../../../lib/core/contracts/settings';
import { allowHooks } from '../../../lib/core/template/hook-permissions';
import { renderTemplate } from '../../../lib/core/template/render-template';
import type { Resource, Template } from '../../../lib/core/template/template';
import { aManifest } from '../../builders';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import { circularResources, danglingReferences } from './template-graph';
import '../../runs';

type Hooks = Readonly<Record<string, { readonly preTrafficHook?: string; readonly postTrafficHook?: string }>>;

const shiftWith = (hooks: Hooks): ShiftSettings => ({
  ...NO_SHIFT_SETTINGS,
  functions: Object.fromEntries(Object.entries(hooks).map(([id, hook]) => [id, { ...hook, alarms: [], triggers: [] }])),
});
const allow = (template: Template, hooks: Hooks) => allowHooks(frozen(template), { shift: shiftWith(hooks) });
const withRole = (role: string, more: object = {}): Resource =>
  ({ ...aFunction({ Role: { 'Fn::GetAtt': [role, 'Arn'] } }), ...more }) as Resource;
const aRole = (more: object = {}): Resource => ({ ...aResource('AWS::IAM::Role', {}), ...more }) as Resource;
const invoked = (policy: Resource) =>
  (policy.Properties as { PolicyDocument: { Statement: { Resource: unknown }[] } }).PolicyDocument.Statement[0]!
    .Resource;

describe('the permissions of hooks', () => {
  const template = aTemplate({
    Role: aRole(),
    HookRole: aRole(),
    Create: withRole('Role'),
    Check: withRole('HookRole'),
    Smoke: withRole('Role'),
  });

  it('let each hook’s role invoke every version of what it tests, and report to CodeDeploy', () => {
    const { template: result, warnings } = allow(template, {
      Create: { preTrafficHook: 'Check', postTrafficHook: 'Smoke' },
    });
    expect(warnings).toEqual([]);
    const { SeedbedHooks, ...rest } = result.Resources;
    expect(rest).toEqual(template.Resources);
    expect(SeedbedHooks).toEqual({
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'seedbed-hooks',
        Roles: [{ Ref: 'HookRole' }, { Ref: 'Role' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: [{ 'Fn::Sub': '${Create.Arn}' }, { 'Fn::Sub': '${Create.Arn}:*' }],
            },
            {
              Effect: 'Allow',
              Action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
              Resource: '*',
            },
          ],
        },
      },
    });
  });

  it('are not added without hooks', () => {
    expect(allow(template, { Create: {} }).template).toEqual(template);
    expect(allow(template, { Gone: { preTrafficHook: 'Check' } }).template).toEqual(template);
  });

  it('are left to the user where the role is not of the template, which is said', () => {
    const Check = aFunction({ Role: 'arn:aws:iam::123456789012:role/mine' });
    const given = aTemplate({ ...template.Resources, Check });
    expect(allow(given, { Create: { preTrafficHook: 'Check' } })).toEqual({
      template: given,
      warnings: [
        {
          path: 'Resources.Check.Properties.Role',
          message:
            'the role of hook Check is not in this template; if the hook invokes what it tests, allow it ' +
            'lambda:InvokeFunction on the versions (":*") of Create',
        },
      ],
    });
  });

  it('hold where the role does, and refer to nothing that may not be there', () => {
    const given = aTemplate({
      ...template.Resources,
      HookRole: aRole({ Condition: 'IsProd' }),
      Check: withRole('HookRole', { Condition: 'IsProd' }),
      Named: { ...aFunction({ FunctionName: 'orders-prod-named' }), Condition: 'IsEu' },
      Unnamed: { ...aFunction(), Condition: 'IsEu' },
      Same: { ...aFunction(), Condition: 'IsProd' },
    });
    const hooks = { Named: 'Check', Unnamed: 'Check', Same: 'Check', Create: 'Smoke' };
    const { Resources } = allow(
      given,
      Object.fromEntries(Object.entries(hooks).map(([id, preTrafficHook]) => [id, { preTrafficHook }])),
    ).template;
    expect(Resources.SeedbedHooksIsProd).toMatchObject({
      Condition: 'IsProd',
      Properties: { Roles: [{ Ref: 'HookRole' }] },
    });
    expect(Resources.SeedbedHooks).toMatchObject({ Properties: { Roles: [{ Ref: 'Role' }] } });
    expect(Resources.SeedbedHooks).not.toHaveProperty('Condition');
    expect(JSON.stringify(invoked(Resources.SeedbedHooksIsProd!))).toBe(
      JSON.stringify([
        { 'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-prod-named' },
        { 'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-prod-named:*' },
        { 'Fn::If': ['IsEu', { 'Fn::Sub': '${Unnamed.Arn}' }, { Ref: 'AWS::NoValue' }] },
        { 'Fn::If': ['IsEu', { 'Fn::Sub': '${Unnamed.Arn}:*' }, { Ref: 'AWS::NoValue' }] },
        { 'Fn::Sub': '${Same.Arn}' },
        { 'Fn::Sub': '${Same.Arn}:*' },
        { 'Fn::Sub': '${Create.Arn}' },
        { 'Fn::Sub': '${Create.Arn}:*' },
      ]),
    );
  });

  describe('for many functions', () => {
    const many = (nameOf: (index: number) => string | undefined) => {
      const functions = Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => {
          const FunctionName = nameOf(index);
          return [`F${index}`, aFunction(FunctionName === undefined ? {} : { FunctionName })];
        }),
      );
      const hooks = Object.fromEntries(Object.keys(functions).map((id) => [id, { preTrafficHook: 'Check' }]));
      const { Resources } = allow(aTemplate({ ...template.Resources, ...functions }), hooks).template;
      return invoked(Resources.SeedbedHooks!) as unknown[];
    };

    it('name what the functions’ names have in common: a role’s policies have room for about 80 ARNs', () => {
      expect(many((index) => `orders-prod-fn${index}`)).toEqual([
        { 'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-prod-*' },
      ]);
    });

    it.each<[string, (index: number) => string | undefined]>([
      ['have nothing in common', (index) => `${index}-fn`],
      ['are not known', (index) => (index === 7 ? undefined : `orders-prod-${index}`)],
    ])('name the versions alone if their names %s', (_, nameOf) => {
      const resources = many(nameOf);
      expect(resources).toHaveLength(40);
      expect(resources[39]).toEqual({ 'Fn::Sub': '${F39.Arn}:*' });
    });
  });

  it('close no circle and refer to nothing that is not there, whatever tests what', () => {
    const ids = ['Create', 'Check', 'Smoke', 'Other'];
    const one = fc.option(fc.constantFrom(...ids), { nil: undefined });
    const hooksOf = fc.dictionary(
      fc.constantFrom(...ids),
      fc.record({ preTrafficHook: one, postTrafficHook: one }),
    ) as fc.Arbitrary<Hooks>;
    const given = aTemplate({
      ...template.Resources,
      Other: { ...withRole('OtherRole'), DependsOn: ['Create'] },
      // The role names the function whose hook it is: a circle if the function waited for the policy.
      OtherRole: aResource('AWS::IAM::Role', { Description: { Ref: 'Create' } }),
    });
    fc.assert(
      fc.property(hooksOf, (hooks) => {
        const manifest = { ...aManifest({}), shift: shiftWith(hooks) };
        const { template: result } = renderTemplate(frozen(given), { ...options(), bucket: 'artifacts', manifest });
        expect(circularResources(result)).toEqual([]);
        expect(danglingReferences(result)).toEqual([]);
      }),
    );
  });

  it('count among the resources of the template', () => {
    const filler = Object.fromEntries(
      Array.from({ length: 492 }, (_, index) => [`Table${index}`, aResource('AWS::DynamoDB::Table', {})]),
    );
    const full = aTemplate({ ...template.Resources, ...filler });
    const rendered = (hooks: Hooks) => () =>
      renderTemplate(full, {
        ...options({ liveVersions: { Create: '1', Check: '1', Smoke: '1' } }),
        bucket: 'artifacts',
        manifest: { ...aManifest({}), shift: shiftWith(hooks) },
      });
    expect(rendered({})).not.toThrow();
    expect(rendered({ Create: { preTrafficHook: 'Check' } })).toThrow(/would have 501 resources/);
  });
});
