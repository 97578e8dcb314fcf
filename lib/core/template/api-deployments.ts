import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../text/canonical-json';
import { visitReferences } from './intrinsics';
import { renameResources } from './rename-references';
import type { Resource, Template } from './template';

/**
 * Deployment resource by what it is a snapshot of: the property that names the API, and the types that belong to one.
 */
const SNAPSHOTS: Readonly<Record<string, { readonly api: string; readonly types: ReadonlySet<string> }>> = {
  'AWS::ApiGateway::Deployment': {
    api: 'RestApiId',
    types: new Set(
      ['Resource', 'Method', 'Authorizer', 'Model', 'RequestValidator', 'GatewayResponse'].map(
        (name) => `AWS::ApiGateway::${name}`,
      ),
    ),
  },
  'AWS::ApiGatewayV2::Deployment': {
    api: 'ApiId',
    types: new Set(
      ['Integration', 'IntegrationResponse', 'Route', 'RouteResponse', 'Authorizer', 'Model'].map(
        (name) => `AWS::ApiGatewayV2::${name}`,
      ),
    ),
  },
};

/** What we or the framework put behind the stable part of the id. */
const SUFFIX = /(?:\d{13}|Content[0-9a-f]{16})$/;

/**
 * Names each API deployment after the content of its API. A change of a method, route or integration has no effect for
 * callers until there is a new deployment, and CloudFormation makes one only under a new logical id. With the
 * framework's own id (the time) every release would make one; now an unchanged API keeps the one it has.
 *
 * @param template with the aliases in place, since they are part of the content
 */
export function nameDeployments(template: Template): Template {
  const names = new Map<string, string>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const name = SNAPSHOTS[resource.Type] && `${id.replace(SUFFIX, '')}Content${contentHash(template, resource)}`;
    if (name !== undefined && name !== id) names.set(id, name);
  }
  return renameResources(template, names);
}

function contentHash(template: Template, deployment: Resource): string {
  const { api, types } = SNAPSHOTS[deployment.Type]!;
  const apiOf = (resource: Resource) => canonicalJson(resource.Properties?.[api] ?? null);
  const own = apiOf(deployment);
  const members = Object.entries(template.Resources).filter(
    ([, resource]) => types.has(resource.Type) && apiOf(resource) === own,
  );
  const content: Record<string, Json> = {};
  const queue: Json[] = [deployment.Properties ?? {}];
  const add = (id: string) => {
    if (Object.hasOwn(content, id)) return;
    const resource = template.Resources[id];
    const parameter = template.Parameters?.[id];
    if (resource === undefined && parameter === undefined) return;
    content[id] = resource === undefined ? (parameter!.Default ?? null) : identity(resource);
    queue.push(content[id]);
  };
  for (const [id] of members) add(id);
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) visitReferences(value, (id) => void add(id));
  const { Conditions = null, Mappings = null } = template;
  const text = canonicalJson({ deployment: deployment.Properties ?? {}, content, Conditions, Mappings });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * The part of a resource that reaches the snapshot. The snapshot holds ARNs, so a function that is replaced under
 * another name matters; its code, its settings and the version that its alias points at do not.
 */
function identity({ Type, Condition, Properties = {} }: Resource): Json {
  const of = (...keys: string[]): Json =>
    Object.fromEntries(keys.flatMap((key) => (Properties[key] === undefined ? [] : [[key, Properties[key]]]))) as Json;
  if (Type === 'AWS::Lambda::Function') return of('FunctionName', 'PackageType');
  if (Type === 'AWS::Lambda::Alias') return of('FunctionName', 'Name');
  if (Type === 'AWS::Lambda::Version') return of('FunctionName');
  return { Type, Properties, ...(Condition === undefined ? {} : { Condition }) };
}
