import { createHash } from 'node:crypto';
import { LIVE_ALIAS } from '../core/contracts/live-alias';
import { imageSha256 } from '../core/deploy/packaged-code';
import type { Resource, Template } from '../core/template/template';
import type { Artifacts } from '../ports/artifacts';
import type { MemoryBuckets } from './memory-buckets';
import type { MemoryFunctions } from './memory-functions';

/** What happens to one resource; `template` is the one in which its references are resolved. */
export interface ResourceChange {
  readonly from: Resource | undefined;
  readonly to: Resource | undefined;
  readonly template: Template;
}

/** What stacks in memory make: functions, their versions and aliases, and buckets. All other resources are names. */
export function memoryStackResources(
  artifacts: Pick<Artifacts, 'find'>,
  functions: MemoryFunctions,
  buckets: MemoryBuckets,
) {
  /** Number of each AWS::Lambda::Version. */
  const versions = new Map<string, string>();
  const versionArns = new Map<string, string>();

  /** Brings one resource from what one template says to what another says; `undefined` takes it away. */
  async function apply(stack: string, id: string, { from, to, template }: ResourceChange): Promise<void> {
    const type = (to ?? from)?.Type;
    const properties = to?.Properties ?? {};
    if (type === 'AWS::S3::Bucket') {
      const bucket = physicalName(stack, id, (to ?? from)!);
      if (to) return void buckets.put(bucket);
      if ((buckets.all.get(bucket)?.versions.length ?? 0) > 0) throw new Error(NOT_EMPTY);
      buckets.all.delete(bucket);
    }
    if (type === 'AWS::Lambda::Function') {
      const name = physicalName(stack, id, (to ?? from)!);
      if (!to) return void functions.all.delete(name);
      if (from && !functions.all.has(name)) throw new Error(`Function not found: ${name}`);
      const { Code, ...configuration } = properties;
      const isNewCode = !same(Code, from?.Properties?.Code);
      const codeSha256 = isNewCode ? await hashOf(Code) : functions.all.get(name)!.codeSha256;
      functions.put(name, { codeSha256, configuration: JSON.stringify(configuration) });
    }
    if (type === 'AWS::Lambda::Version' && to && !from) {
      const functionId = reference(properties.FunctionName)!;
      const name = physicalName(stack, functionId, template.Resources[functionId]!);
      const version = await publishChange(name);
      versions.set(`${stack}/${id}`, version);
      versionArns.set(`${stack}/${id}`, `arn:aws:lambda:eu-central-1:123456789012:function:${name}:${version}`);
    }
    if (type === 'AWS::Lambda::Alias') {
      const { FunctionName, FunctionVersion: wanted, Name } = (to ?? from)!.Properties ?? {};
      const functionId = reference(FunctionName)!;
      const name = physicalName(stack, functionId, template.Resources[functionId]!);
      const alias = typeof Name === 'string' ? Name : LIVE_ALIAS;
      const aliases = functions.all.get(name)?.aliases ?? {};
      const former = from?.Properties?.Name ?? alias;
      if (!to) return void delete aliases[alias];
      const isNew = !from || former !== alias;
      if (isNew && aliases[alias]) throw new Error(`Alias already exists: ${alias}`);
      if (!isNew && !aliases[alias]) throw new Error(`Cannot find alias: ${alias}`);
      const version = typeof wanted === 'string' ? wanted : (versions.get(`${stack}/${attributeOf(wanted)}`) ?? '');
      if ((await functions.moveAlias(name, { alias, version })) === 'missing') throw new Error(`no version ${version}`);
      // Another name is another alias: the new one is made, then the old one is deleted.
      if (former !== alias) delete aliases[String(former)];
    }
  }

  async function hashOf(code: unknown): Promise<string> {
    const { S3Key: key = '', ZipFile: inline, ImageUri: image } = (code ?? {}) as Readonly<Record<string, string>>;
    if (image !== undefined) return imageSha256(image);
    if (inline !== undefined) return createHash('sha256').update(inline).digest('base64');
    const stored = (await artifacts.find([key])).get(key);
    if (!stored) throw new Error(`there is no object ${key}`);
    return stored.sha256;
  }

  /** Unlike Lambda, CloudFormation makes no version of what is published already. It waits until a new one is ready. */
  async function publishChange(name: string): Promise<string> {
    const published = functions.all.get(name)?.versions.length;
    const outcome = await functions.publish(name, functions.all.get(name)?.codeSha256 ?? '');
    if (outcome.outcome !== 'done') throw new Error(`Function not found: ${name}`);
    if (Number(outcome.version) === published) {
      throw new Error(`A version for this Lambda function exists ( ${outcome.version} ).`);
    }
    while ((await functions.read(name, outcome.version))?.readiness === 'pending');
    return outcome.version;
  }

  /** @returns what a Ref to a resource gives: of a version its ARN, of any other its name. */
  const physicalId = (stack: string, id: string, resource: Resource): string =>
    versionArns.get(`${stack}/${id}`) ?? physicalName(stack, id, resource);

  return { apply, physicalId };
}

const NOT_EMPTY = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';

/** @returns the name that a function, an alarm or a bucket gets. */
export function physicalName(stack: string, id: string, { Properties }: Resource): string {
  const given = Properties?.FunctionName ?? Properties?.AlarmName ?? Properties?.BucketName;
  return typeof given === 'string' ? given : `${stack}-${id}`;
}

/** @returns the logical id that a Ref names. */
export const reference = (value: unknown): string | undefined => (value as { Ref?: string } | undefined)?.Ref;

/** @returns the resource whose attribute is asked for. */
const attributeOf = (value: unknown): string => (value as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];

/** @returns whether two parts of templates say the same. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
