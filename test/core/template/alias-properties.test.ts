import fc from 'fast-check';
import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { nameDeployments } from '../../../lib/core/template/api-deployments';
import { aliasedFunctions } from '../../../lib/core/template/not-aliased';
import { dependsOnOf, resourcesOfType, type Template } from '../../../lib/core/template/template';
import { trafficSources } from '../../../lib/core/template/traffic-sources';
import type { Json } from '../../../lib/core/text/canonical-json';
import { runs } from '../../runs';
import { frozen, options, valueAt } from './build-template';
import { aGeneratedTemplate } from './generated-templates';
import { HOME, resolveValue } from './resolve-value';
import { circularResources, danglingReferences } from './template-graph';

/**
 * A name or an ARN in a text, with the alias behind it if there is no qualifier; without what stands before the name.
 */
const live = (text: string): string =>
  withoutHome(text).replaceAll(/shop-fn\d+lambdafunction(?![a-z0-9-]|:)/g, '$&:live');
const withoutHome = (text: string): string =>
  text.replaceAll(/(arn:aws:lambda:eu-west-1:123456789012:|(?<![a-z]))function:/g, '');

/** @returns those of the ids that are still there. */
const kept = (ids: readonly string[], { Resources }: Template): readonly string[] =>
  ids.filter((id) => Object.hasOwn(Resources, id));

describe('transforming any template', () => {
  it('twice is the same as once, and nothing given is changed', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, fc.boolean(), ({ template }, known) => {
        const liveVersions: Record<string, string> = known ? { Fn0LambdaFunction: '4' } : {};
        const once = transformTemplate(template, options({ liveVersions }));
        expect(transformTemplate(frozen(once.template), options({ liveVersions }))).toEqual(once);
      }),
    );
  });

  it('makes no circle and leaves no reference without its resource', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, ({ template }) => {
        expect(circularResources(template)).toEqual([]);
        const result = nameDeployments(transformTemplate(template, options()).template);
        expect(danglingReferences(result)).toEqual([]);
        expect(circularResources(result)).toEqual([]);
      }),
    );
  });

  it('makes every place mean the alias of the function that it meant, unless it says which version', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, fc.boolean(), ({ template, sites }, Blue) => {
        const result = transformTemplate(template, options()).template;
        for (const [id, path] of sites) {
          const meant = resolveValue(template, valueAt(template.Resources[id], path)!, { Blue });
          const means = resolveValue(result, valueAt(result.Resources[id], path)!, { Blue });
          expect(withoutHome(means)).toBe(live(meant));
        }
      }),
      { numRuns: runs(150) },
    );
  });

  it('touches nothing that has to do with no function', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, ({ template }) => {
        const result = transformTemplate(template, options()).template;
        const { Resources: _, Outputs: __, ...sections } = template;
        expect(result).toMatchObject(sections);
        for (const [id, resource] of Object.entries(template.Resources)) {
          const { Type } = resource;
          if (Type === 'AWS::Lambda::Function') expect(result.Resources[id]).toEqual(resource);
          if (Type === 'AWS::DynamoDB::Table') expect(result.Resources[id]).toEqual(resource);
        }
        for (const [id, resource] of Object.entries(result.Resources)) {
          const before = template.Resources[id];
          if (before === undefined) expect(resource.Type).toMatch(/^AWS::Lambda::(Alias|Version|Permission)$/);
          else expect([resource.Type, resource.Condition]).toEqual([before.Type, before.Condition]);
          expect(dependsOnOf(resource)).toEqual(expect.arrayContaining(kept(dependsOnOf(before ?? resource), result)));
        }
      }),
    );
  });

  it('makes sources of traffic of whatever means an alias, and those of its result are the same', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, fc.boolean(), ({ template, sites }, Blue) => {
        const result = transformTemplate(template, options()).template;
        const sources = trafficSources(template, 'live', HOME);
        expect(trafficSources(result, 'live', HOME)).toEqual(sources);
        for (const [id, path] of sites) {
          if (result.Resources[id]!.Type === 'AWS::ApplicationAutoScaling::ScalableTarget') continue;
          const means = resolveValue(result, valueAt(result.Resources[id], path)!, { Blue });
          for (const [, name] of means.matchAll(/shop-(fn\d+)lambdafunction:live\b/g)) {
            expect(sources).toContain(`${name!.replace('fn', 'Fn')}LambdaFunction`);
          }
        }
      }),
    );
  });

  it('gives every function exactly one alias', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, ({ template }) => {
        const { template: result, functions, notAliased } = transformTemplate(template, options());
        const ids = resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => id);
        expect(aliasedFunctions(template, 'live')).toEqual(Object.keys(functions));
        expect([...Object.keys(functions), ...notAliased.map(({ logicalId }) => logicalId)].sort()).toEqual(ids.sort());
        const aliases = resourcesOfType(result, 'AWS::Lambda::Alias').map(([id]) => id);
        expect(aliases.sort()).toEqual(
          Object.values(functions)
            .map((one) => one.aliasLogicalId)
            .sort(),
        );
      }),
    );
  });

  it('takes no permission and no policy away', () => {
    fc.assert(
      fc.property(aGeneratedTemplate, fc.boolean(), ({ template }, Blue) => {
        const result = transformTemplate(template, options()).template;
        for (const [id, policy] of resourcesOfType(template, 'AWS::IAM::Policy')) {
          const granted = (from: typeof template, resource: typeof policy) => {
            const document = resource.Properties!.PolicyDocument as { Statement: { Resource: Json }[] };
            return [document.Statement[0]!.Resource]
              .flat()
              .map((one) =>
                JSON.stringify(one).includes('AWS::NoValue') ? 'none' : resolveValue(from, one as Json, { Blue }),
              );
          };
          expect(granted(result, result.Resources[id]!)).toEqual(expect.arrayContaining(granted(template, policy)));
        }
        for (const [id] of resourcesOfType(template, 'AWS::Lambda::Permission'))
          expect(result.Resources[id]).toBeDefined();
      }),
    );
  });
});
