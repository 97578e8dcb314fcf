import { DEPLOYMENT_BUCKET } from '../contracts/deployment-bucket';
import { ReleaseError } from '../contracts/errors';
import { type Release, settingsStage } from '../contracts/release';
import type { Template } from '../template/template';
import { tellSome } from '../text/tell-some';
import { inWordsOf, type ResourceThere } from './resource-words';
import { isOwned, otherOwner } from './stack-tags';

/** A stack that is there, as far as it tells whose it is. */
export interface ExistingStack {
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Those that are not deleted. */
  readonly resources: readonly ResourceThere[];
}

/** A service of a release, and the stack that it is to have. */
export interface StackOfService {
  readonly release: Pick<Release, 'app' | 'stage' | 'template' | 'guard'>;
  /** Path of the service. */
  readonly service: string;
  readonly stackName: string;
  /** The framework's own template that is about to be deployed. */
  readonly template: Template;
}

/**
 * Marks of the Serverless Framework, of every version: it tags its stacks with the stage, makes a bucket for its
 * artifacts, and gives out that bucket's name even where the service names one of its own
 * (github.com/oss-serverless/serverless, lib/plugins/aws/lib/get-shared-stack-action-params.js and
 * lib/plugins/aws/package/lib/core-cloudformation-template.json).
 */
const STAGE_TAG = 'STAGE';
const BUCKET_OUTPUT = 'ServerlessDeploymentBucketName';
const FUNCTION = 'AWS::Lambda::Function';
/** What the framework adds to stacks whatever the service consists of. */
const OF_EVERY_SERVICE = /^ServerlessDeploymentBucket(Policy)?$|^CustomDashresource/;

/**
 * Finds whose a stack of the service's name is, so that nothing foreign is changed.
 *
 * @returns `own` by our tags; `adopted` if the Serverless Framework deployed this very service to it before there was a
 *   platform, or if the platform's owner has named it in `adopt`
 * @throws ReleaseError `StackNameTaken`, with what it is and how to consent
 */
export function stackOwner(stack: ExistingStack, wanted: StackOfService): 'own' | 'adopted' {
  const { release, service, stackName } = wanted;
  const owner = { app: release.app, stage: release.stage, service };
  if (isOwned(stack.tags, owner)) return 'own';
  const other = otherOwner(stack.tags, owner);
  if (other) throw taken(wanted, `belongs to ${inWords(other)} already; ${RENAME}`);
  if (release.guard?.adopt.includes(stackName)) return 'adopted';
  const strange = strangeness(stack, wanted);
  if (strange === undefined) return 'adopted';
  throw taken(
    wanted,
    `is there already and not known to be this service's: ${strange}; it holds ${contents(stack)}. Nothing of it was ` +
      `touched. ${RENAME}; or, if releases may change the stack and remove what the service does not have, add ` +
      `"adopt: [${stackName}]" to "apps.${release.app}.stages.${settingsStage(release)}" in seedbed.yml, deploy the ` +
      'platform, and release again',
  );
}

/**
 * Half of the functions have to be there still: some may have been removed or renamed since, but a service that shares
 * no more than a `hello` with the stack is another one.
 *
 * @returns what keeps a stack from being the framework's own of this service; undefined if nothing does
 */
function strangeness(
  { tags, outputs, resources }: ExistingStack,
  { release: { stage }, template }: StackOfService,
): string | undefined {
  if (resources.length === 0) return undefined;
  const hasBucket = resources.some(
    ({ logicalId, type }) => logicalId === DEPLOYMENT_BUCKET && type === 'AWS::S3::Bucket',
  );
  if (!hasBucket && !Object.hasOwn(outputs, BUCKET_OUTPUT)) return 'the Serverless Framework did not make it';
  const tagged = tags[STAGE_TAG];
  if (tagged === undefined) return `it lacks the tag ${STAGE_TAG} of the Serverless Framework`;
  if (tagged !== stage) return `by its tag ${STAGE_TAG} it is of stage "${tagged}"`;
  const own = resources.filter(({ logicalId }) => !OF_EVERY_SERVICE.test(logicalId));
  const functions = own.filter(({ type }) => type === FUNCTION);
  const compared = functions.length > 0 ? functions : own;
  const shared = compared.filter(({ logicalId, type }) => template.Resources[logicalId]?.Type === type);
  if (shared.length * 2 >= compared.length) return undefined;
  const what = functions.length > 0 ? 'functions' : 'resources';
  return `this service has ${shared.length} of its ${compared.length} ${what}`;
}

const MOST_NAMED = 8;

function contents({ resources }: ExistingStack): string {
  const ofService = resources.filter(({ logicalId }) => !OF_EVERY_SERVICE.test(logicalId));
  const named = ofService.map(inWordsOf);
  return `${resources.length} resource${resources.length === 1 ? '' : 's'} (${tellSome(named, { most: MOST_NAMED })})`;
}

const RENAME = 'Give the service another "service" name or "provider.stackName" in its serverless.yml';

function taken({ release, service, stackName }: StackOfService, what: string): ReleaseError {
  const ours = inWords({ app: release.app, stage: release.stage, service });
  return new ReleaseError('StackNameTaken', `stack "${stackName}" of ${ours} ${what}`);
}

const inWords = ({ app, stage, service }: { readonly app: string; readonly stage: string; readonly service: string }) =>
  `service "${service}" of app "${app}", stage "${stage}",`;
