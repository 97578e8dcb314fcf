import type { Json } from '../text/canonical-json';
import { directDependencies } from './dependencies';
import type { FunctionNames, Home } from './function-names';
import { visitReferences } from './intrinsics';
import type { Template } from './template';

/** Properties that name what a resource is, or what it listens to; the bus of a rule is no source itself. */
const NAMING = /(^|[a-z])(Name|Arn|ARN|Id)$/;
const NOT_NAMING = new Set(['EventBusName']);
/** What is invoked, and by what right, has a name that says nothing of who invokes. */
const NO_SOURCE = /^AWS::(Lambda|IAM)::/;
const ARN_HEAD = /^arn:[^:]*:[^:]*:(?<region>[^:]*):(?<accountId>[^:]*):/;
const ACCOUNT = /^\d{12}$/;

/** @returns whether what stands there is known to be another than `known`; `*` and intrinsics may be any. */
const isAnother = (written: string | undefined, known: string | undefined): boolean =>
  written !== undefined && known !== undefined && /^[\w-]+$/.test(written) && written !== known;

/**
 * Whether a permission of a function can be for a resource of this template that invokes it. Permissions name who may
 * invoke by `SourceArn` and `SourceAccount`; a service that names neither lets any resource of its kind in, so also
 * this one.
 *
 * @param permission properties of an AWS::Lambda::Permission
 * @param from       logical id of the resource that invokes the function
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
export function isSourceOf(
  template: Template,
  permission: { readonly SourceArn?: Json; readonly SourceAccount?: Json },
  from: string,
  { names, home }: { readonly names: FunctionNames; readonly home: Home },
): boolean {
  const { SourceArn: arn, SourceAccount: account } = permission;
  if (typeof account === 'string' && ACCOUNT.test(account) && isAnother(account, home.accountId)) return false;
  if (arn === undefined) return true;
  const related = new Set(
    [from, ...directDependencies(template, from)].filter((id) => !NO_SOURCE.test(template.Resources[id]!.Type)),
  );
  let isReferred = false;
  visitReferences(arn, (id) => {
    isReferred ||= related.has(id);
  });
  if (isReferred) return true;
  const text = names.encode(arn);
  const { region, accountId } = ARN_HEAD.exec(text)?.groups ?? {};
  if (isAnother(region, home.region) || isAnother(accountId, home.accountId)) return false;
  return [...related].some((id) => namesOf(template, id, names).some((name) => isSegmentOf(text, name)));
}

function namesOf(template: Template, id: string, names: FunctionNames): readonly string[] {
  const properties = template.Resources[id]?.Properties ?? {};
  return Object.entries(properties)
    .filter(([key, value]) => value !== undefined && NAMING.test(key) && !NOT_NAMING.has(key))
    .map(([, value]) => names.encode(value!))
    .filter((name) => name !== '');
}

/** Names of log groups have slashes of their own, so a name may span several segments. */
function isSegmentOf(arn: string, name: string): boolean {
  for (let at = arn.indexOf(name); at >= 0; at = arn.indexOf(name, at + 1)) {
    const [before, after] = [arn[at - 1], arn[at + name.length]];
    if ((before === undefined || ':/'.includes(before)) && (after === undefined || ':/*'.includes(after))) return true;
  }
  return false;
}
