import { ReleaseError } from '../contracts/errors';
import { type Release, settingsStage } from '../contracts/release';
import type { Template } from '../template/template';
import { tellSome } from '../text/tell-some';
import { NESTED_STACK } from './data-at-risk';
import { inWordsOf } from './resource-words';
import { isStateful } from './stateful-types';

/** What an update would do to a resource of the stack. */
export interface StackChange {
  /** Of a resource in a stack that the stack holds, behind that one's logical id and `/`. */
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  /** `maybe`: CloudFormation knows only as it goes. */
  readonly replaced: 'yes' | 'no' | 'maybe';
  /** If it is only replaced in case that what it refers to becomes something else: `<id>`s, or `<id>.<attribute>`s. */
  readonly causes?: readonly string[];
  readonly removed: boolean;
  /** Whether CloudFormation says that what is removed stays as it is. */
  readonly retained?: boolean;
}

/** An update that is about to begin. */
export interface UpdateToJudge {
  readonly release: Pick<Release, 'app' | 'stage' | 'template' | 'guard'>;
  readonly stackName: string;
  /** Whether it is the first release of a stack that the service had before. */
  readonly adopted: boolean;
  /** The template that the stack has, if it can be read. */
  readonly current: Template | undefined;
  readonly changes: readonly StackChange[];
}

/**
 * Types by which the outside reaches a service, whose address nobody can give to another resource: a new one has
 * another URL, id or domain of AWS's.
 */
const ADDRESSES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Stage',
  'AWS::AppSync::Api',
  'AWS::AppSync::DomainName',
  'AWS::AppSync::GraphQLApi',
  'AWS::CloudFront::Distribution',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::EC2::EIP',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::GlobalAccelerator::Accelerator',
  'AWS::Lambda::Url',
  'AWS::Transfer::Server',
]);

/** Types that nothing outside a template names, and of which every take-over makes new ones. */
const REMADE: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Deployment',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
]);

/**
 * Judges what CloudFormation says an update would do. What holds data is not removed or replaced, nor is the public
 * address of a stack that is taken over, unless the platform's owner has named it in `replace`. A resource that its
 * template retains may go from the stack, since it stays as it is. One that is replaced may not, even if the old one is
 * retained: the service would go on with an empty one.
 *
 * @returns what a person should know of the update although it goes on
 * @throws ReleaseError `StatefulChange`, `AddressChange`, with what would happen and what to write to allow it
 */
export function judgeChanges({ release, stackName, adopted, current, changes }: UpdateToJudge): readonly string[] {
  const { protect = false, replace = [] } = release.guard ?? {};
  const harmful = changes.filter((one) => one.removed || (one.replaced !== 'no' && !staysItself(one, changes)));
  const isAllowed = ({ logicalId }: StackChange) => replace.includes(`${stackName}/${logicalId}`);
  const isRetained = ({ logicalId, removed, retained = false }: StackChange) =>
    removed && (retained || /^Retain/.test(current?.Resources[logicalId]?.DeletionPolicy ?? ''));
  const holdsData = ({ logicalId, type }: StackChange) => (adopted || protect) && isStateful(logicalId, type);
  const isAddress = ({ type }: StackChange) => adopted && ADDRESSES.has(type);

  const open = harmful.filter((one) => !isAllowed(one) && !isRetained(one));
  const [stateful, addresses] = [open.filter(holdsData), open.filter(isAddress)];
  if (stateful.length + addresses.length > 0) throw refusal({ release, stackName, adopted }, { stateful, addresses });

  const meant = harmful.filter((one) => isAllowed(one) && !isRetained(one));
  const left = harmful.filter((one) => isRetained(one) && (holdsData(one) || isAddress(one)));
  const others = adopted
    ? open.filter(({ type, replaced, removed }) => !REMADE.has(type) && (removed || replaced === 'yes'))
    : [];
  const tell = (what: string, ones: readonly StackChange[]): readonly string[] =>
    ones.length === 0 ? [] : [`stack "${stackName}": ${what}: ${tellSome(ones.map(inWords), { most: MOST_TOLD })}`];
  return [
    ...tell('as "replace" in seedbed.yml allows', meant),
    ...tell('no longer of the stack, and retained as they are', left),
    ...tell('taken over from other means, and so', others),
  ];
}

const MOST_TOLD = 20;
/** In a line to copy; Step Functions takes 32,768 characters of an error. */
const MOST_LISTED = 50;

/** Types whose attributes change while they stay the same resource. */
const CHANGING = /^(Custom::|AWS::CloudFormation::(CustomResource|Stack|Macro|WaitCondition)$|AWS::SSM::Parameter$)/;

/**
 * CloudFormation says that it may replace all that can only be made with an attribute of a resource that changes, such
 * as a function URL, with its function's ARN. The ARN stays as long as the function is not replaced itself.
 *
 * @param behind resources whose own question is being answered
 * @returns whether a resource that may be replaced is not
 */
function staysItself(
  { logicalId, replaced, causes }: StackChange,
  changes: readonly StackChange[],
  behind: readonly string[] = [],
): boolean {
  if (replaced !== 'maybe') return replaced === 'no';
  if (causes === undefined) return false;
  return causes.every((cause) => {
    const [id = '', attribute] = cause.split('.');
    const other = changes.find((one) => one.logicalId === id);
    if (!other || behind.includes(id)) return true;
    if (attribute !== undefined && CHANGING.test(other.type)) return false;
    return !other.removed && staysItself(other, changes, [...behind, logicalId]);
  });
}

interface Refused {
  readonly stateful: readonly StackChange[];
  readonly addresses: readonly StackChange[];
}

function refusal(
  { release, stackName, adopted }: Pick<UpdateToJudge, 'release' | 'stackName' | 'adopted'>,
  { stateful, addresses }: Refused,
): ReleaseError {
  const stage = `apps.${release.app}.stages.${settingsStage(release)}`;
  const code = stateful.length > 0 ? 'StatefulChange' : 'AddressChange';
  const what = [
    ...(stateful.length > 0 ? [`what holds data (${tellSome(stateful.map(inWords), { most: MOST_TOLD })})`] : []),
    ...(addresses.length > 0 ? [`public addresses (${tellSome(addresses.map(inWords), { most: MOST_TOLD })})`] : []),
  ];
  const why = adopted
    ? 'this is the first release of a stack that was there before'
    : `stage "${release.stage}" protects what holds data`;
  const names = [...new Set([...stateful, ...addresses].map(({ logicalId }) => `${stackName}/${logicalId}`))];
  const more = names.length > MOST_LISTED ? [`… ${names.length - MOST_LISTED} more`] : [];
  const listed = [...(release.guard?.replace ?? []), ...names.slice(0, MOST_LISTED), ...more].join(', ');
  return new ReleaseError(
    code,
    `the update of stack "${stackName}" would take ${what.join(' and ')}; nothing of it was touched, since ${why}. To ` +
      'keep them, put back in the template what made or named them (a resource that is only to leave the stack gets ' +
      '"DeletionPolicy: Retain" with the release before); if they are to go, write this to ' +
      `"${stage}" in seedbed.yml, deploy the platform, and release again: replace: [${listed}]`,
  );
}

/** @returns a resource and what would become of it. */
const inWords = (change: StackChange): string => `${inWordsOf(change)} ${fate(change)}`;

const fate = ({ type, removed, replaced }: StackChange): string => {
  if (removed) return 'removed';
  if (type === NESTED_STACK && replaced === 'maybe') return 'changed inside, where CloudFormation cannot foresee what';
  return replaced === 'yes' ? 'replaced by a new one' : 'perhaps replaced by a new one';
};
