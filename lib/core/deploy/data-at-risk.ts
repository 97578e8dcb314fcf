import { visitReferences } from '../template/intrinsics';
import type { Resource, Template } from '../template/template';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { isStateful } from './stateful-types';

/**
 * Properties of types that change with nearly every release and that other resources refer to: unless one of these
 * changes, what a Ref or an attribute of theirs gives stays (`createOnlyProperties` of the types' schemas,
 * docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html).
 */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::Lambda::Alias': ['FunctionName', 'Name'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType', 'TenancyConfig'],
};

/** What it holds is in a template of its own, and may change though its own text does not. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** @returns whether a stack of this template holds stacks; of an application of SAM CloudFormation makes one. */
export const holdsStacks = ({ Resources }: Template): boolean =>
  Object.values(Resources).some(({ Type }) => Type === NESTED_STACK || Type === 'AWS::Serverless::Application');

/** Sections by which a resource may change though its own text does not. */
const SECTIONS = ['Parameters', 'Mappings', 'Conditions', 'Transform', 'Rules'];

/**
 * Looks whether an update could remove or replace what holds data, without asking CloudFormation, which takes seconds.
 * It errs on the side of asking: only what is the same in both templates, with all that it refers to, is safe.
 *
 * @param current the template that the stack has
 * @param next the template that it is about to get
 */
export function isDataAtRisk(current: Template, next: Template): boolean {
  if (holdsStacks(current)) return true;
  const stateful = Object.keys(current.Resources).filter((id) => isStateful(id, current.Resources[id]!.Type));
  if (stateful.length === 0) return false;
  if (SECTIONS.some((section) => !isSame(current[section], next[section]))) return true;
  const seen = new Set<string>();
  const isSafe = (id: string): boolean => {
    if (seen.has(id)) return true;
    seen.add(id);
    const [from, to] = [current.Resources[id]!, next.Resources[id]];
    if (to === undefined || from.Type !== to.Type || from.Condition !== to.Condition) return false;
    return isSame(whatMatters(from), whatMatters(to)) && referencesOf(from).every(refersSafely);
  };
  const refersSafely = (id: string): boolean =>
    // A parameter of the Parameter Store may have another value though the template is the same.
    Object.hasOwn(current.Resources, id) ? isSafe(id) : !/^AWS::SSM::/.test(String(current.Parameters?.[id]?.Type));
  return !stateful.every(isSafe);
}

/** @returns the properties by which a resource is itself; without those that change in place, where that is known. */
function whatMatters({ Type, Properties = {} }: Resource): JsonObject {
  const identity = IDENTITY[Type];
  return identity === undefined ? Properties : Object.fromEntries(identity.map((name) => [name, Properties[name]]));
}

/** @returns logical ids and names of parameters. */
function referencesOf(resource: Resource): readonly string[] {
  const found = new Set<string>();
  visitReferences(whatMatters(resource), (id) => found.add(id));
  return [...found];
}

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  canonicalJson(withoutGaps(one)) === canonicalJson(withoutGaps(other));

/** An empty section is as good as none. */
const withoutGaps = (value: Json | undefined): Json =>
  value === undefined || (isJsonObject(value) && Object.keys(value).length === 0) ? null : value;
