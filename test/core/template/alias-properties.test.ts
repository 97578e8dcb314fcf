import fc from 'fast-check';
import type { Json } from '../../../lib/core/canonical-json';
import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { nameDeployments } from '../../../lib/core/template/api-deployments';
import { aliasedFunctions } from '../../../lib/core/template/not-aliased';
import { resourcesOfType } from '../../../lib/core/template/template';
import { frozen, options, valueAt } from './build-template';
import { aGeneratedTemplate } from './generated-templates';
import { resolveValue } from './resolve-value';
import { circularResources, danglingReferences } from './template-graph';

const live = (arn: string): string => arn.replaceAll(/:function:[a-z0-9-]+(?![a-z0-9-]|:)/g, '$&:live');

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
          expect(means).toBe(live(meant));
        }
      }),
      { numRuns: 150 },
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
