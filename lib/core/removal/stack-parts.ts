import type { Template } from '../template/template';
import { nameSome } from '../text/name-some';

/** A resource that a stack has, as far as a removal looks at it. */
interface PartResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
}

/** A stack, or one nested in it: what its template says, and what it has. */
export interface StackPart {
  /** Undefined if it cannot be read: then it is not known what stays. */
  readonly template: Template | undefined;
  readonly resources: readonly PartResource[];
}

/** A bucket that goes with its stack. */
export interface GoingBucket {
  readonly logicalId: string;
  readonly bucket: string;
}

const NESTED = 'AWS::CloudFormation::Stack';
const BUCKET = 'AWS::S3::Bucket';
const FUNCTION = 'AWS::Lambda::Function';
const LOG_GROUP = 'AWS::Logs::LogGroup';
/** The framework retains versions so that updates do not delete them; they are deleted with their function anyway. */
const GO_ANYWAY = new Set(['AWS::Lambda::Version']);
const STAY = new Set(['Retain', 'RetainExceptOnCreate']);
/** Keeps the record of a service small, whatever its stack holds. */
const MOST_LINES = 50;

const policyOf = ({ template }: StackPart, logicalId: string): string | undefined =>
  template?.Resources[logicalId]?.DeletionPolicy;

/** @returns whether a resource is deleted with its stack; with an unreadable template the answer is no. */
const goes = (part: StackPart, logicalId: string): boolean =>
  part.template !== undefined && !STAY.has(policyOf(part, logicalId) ?? '');

/** @returns the physical ids of the stacks nested in this one that are deleted with it. */
export const nestedStacks = (part: StackPart): readonly string[] =>
  part.resources.flatMap(({ logicalId, type, physicalId }) =>
    type === NESTED && physicalId !== undefined && goes(part, logicalId) ? [physicalId] : [],
  );

/** @returns the buckets that go: only those may be emptied. */
export const goingBuckets = (parts: readonly StackPart[]): readonly GoingBucket[] =>
  parts.flatMap((part) =>
    part.resources.flatMap(({ logicalId, type, physicalId }) =>
      type === BUCKET && physicalId !== undefined && goes(part, logicalId) ? [{ logicalId, bucket: physicalId }] : [],
    ),
  );

/** @returns what a person should know about what the deletion leaves, one line each. */
export function whatStays(parts: readonly StackPart[]): readonly string[] {
  const lines = [...parts.flatMap(staying), ...ownLogGroups(parts)];
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more stay because of their DeletionPolicy`] : lines;
}

function staying(part: StackPart): readonly string[] {
  return part.resources.flatMap(({ logicalId, type, physicalId }) => {
    const policy = policyOf(part, logicalId);
    if (policy === undefined || GO_ANYWAY.has(type)) return [];
    const what = `${logicalId} (${type}${physicalId === undefined ? '' : ` "${physicalId}"`})`;
    if (policy === 'Snapshot') return [`a snapshot of ${what} stays: its DeletionPolicy is Snapshot`];
    return STAY.has(policy) ? [`${what} stays: its DeletionPolicy is ${policy}`] : [];
  });
}

/** If the stack has no log group for a function, Lambda creates one with the first line; no stack deletes that. */
function ownLogGroups(parts: readonly StackPart[]): readonly string[] {
  const ofType = (wanted: string) =>
    parts.flatMap((part) =>
      part.resources.flatMap(({ logicalId, type, physicalId }) =>
        type === wanted && physicalId !== undefined ? [{ part, logicalId, physicalId }] : [],
      ),
    );
  const known = new Set(ofType(LOG_GROUP).map(({ physicalId }) => physicalId));
  const groups = ofType(FUNCTION)
    .filter(({ part, logicalId }) => !logsElsewhere(part, logicalId))
    .map(({ physicalId }) => `/aws/lambda/${physicalId}`)
    .filter((group) => !known.has(group));
  return groups.length === 0 ? [] : [`log groups that Lambda may have created itself stay: ${nameSome(groups)}`];
}

const logsElsewhere = ({ template }: StackPart, logicalId: string): boolean => {
  const logging = template?.Resources[logicalId]?.Properties?.LoggingConfig;
  return typeof logging === 'object' && logging !== null && 'LogGroup' in logging;
};
