import type { HookEvent, HookRun } from '../lib/core/contracts/hook-run';
import type { DeployedPackage, FunctionBundle, Manifest, StackManifest } from '../lib/core/contracts/manifest';
import type { Release } from '../lib/core/contracts/release';
import { NO_SHIFT_SETTINGS, NO_STAGE_SHIFT } from '../lib/core/contracts/settings';
import type { ServiceState } from '../lib/core/contracts/state';

export const RELEASE_ID = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
export const COMMIT = 'b'.repeat(40);

/** @returns a lower-case hexadecimal SHA-256 that is the same for the same text, and readable in a failed test. */
export const aHash = (text: string): string => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

/** @returns a hash as Lambda reports it in `CodeSha256`. */
export const aCodeSha256 = (text: string): string => Buffer.from(aHash(text), 'hex').toString('base64');

export const aRelease = (more: Partial<Release> = {}): Release => ({
  id: RELEASE_ID,
  app: 'shop',
  stage: 'dev',
  commit: COMMIT,
  branch: 'main',
  force: false,
  trigger: { type: 'push', id: 'event-1', by: 'ada' },
  repository: { provider: 'codecommit', name: 'shop' },
  target: {
    account: '123456789012',
    region: 'eu-central-1',
    deployRoleArn: 'arn:aws:iam::123456789012:role/seedbed-deploy',
    executionRoleArn: 'arn:aws:iam::123456789012:role/seedbed-cloudformation',
    externalId: 'seedbed',
  },
  shift: NO_STAGE_SHIFT,
  requestedAt: '2026-01-02T03:04:05.678Z',
  ...more,
});

/** @param code stands for the function's content: the same text is the same content, zip and hashes. */
export const aFunctionBundle = (logicalId: string, code = 'code'): FunctionBundle => ({
  bundle: `bundles/shop/dev/orders/${logicalId}/${aHash(code)}.zip`,
  contentHash: aHash(code),
  codeSha256: aCodeSha256(code),
  size: 1_024,
  handler: `src/${logicalId}.handler`,
  runtime: 'nodejs22.x',
});

/** @param functions code by logical id, see `aFunctionBundle` */
export const aManifest = (
  functions: Record<string, string> = { List: 'code', Create: 'code' },
  more: Partial<StackManifest> = {},
): StackManifest => ({
  version: 1,
  app: 'shop',
  service: 'orders',
  stage: 'dev',
  commit: COMMIT,
  releaseId: RELEASE_ID,
  framework: { name: 'serverless', version: '3.40.0' },
  stackName: 'orders-dev',
  template: `packages/shop/dev/orders/${RELEASE_ID}/template.json`,
  templateHash: aHash('template'),
  configHash: aHash('config'),
  environmentHash: aHash('environment'),
  incremental: { enabled: true, disabledFor: [] },
  alias: 'live',
  shift: NO_SHIFT_SETTINGS,
  hooks: [],
  functions: Object.fromEntries(Object.entries(functions).map(([id, code]) => [id, aFunctionBundle(id, code)])),
  layers: {},
  assets: {},
  ...more,
});

/** @returns what a manifest comes to when it is deployed: each function at version 1. */
export const aDeployedPackage = (manifest: Manifest = aManifest()): DeployedPackage => ({
  manifest,
  functions: Object.fromEntries(
    Object.entries(manifest.functions).map(([id, { codeSha256 }]) => [
      id,
      { name: `${manifest.stackName}-${id}`, version: '1', codeSha256 },
    ]),
  ),
  outputs: {},
});

export const aServiceState = (more: Partial<ServiceState> = {}): ServiceState => ({
  path: 'orders',
  status: 'deployed',
  releaseId: RELEASE_ID,
  commit: COMMIT,
  deployedPackage: `packages/shop/dev/orders/${RELEASE_ID}/deployed.json`,
  stackName: 'orders-dev',
  ...more,
});

export const aHookRun = (more: Partial<HookRun> = {}): HookRun => ({
  application: 'seedbed-shop-prod-orders-0123456789',
  group: 'ListLambdaFunction',
  releaseId: RELEASE_ID,
  app: 'shop',
  stage: 'prod',
  service: 'orders',
  commit: COMMIT,
  function: {
    logicalId: 'ListLambdaFunction',
    name: 'orders-prod-list',
    alias: 'live',
    currentVersion: '1',
    targetVersion: '2',
  },
  hooks: {},
  moments: {},
  expiresAt: 1_800_000_000,
  ...more,
});

export const aHookEvent = (): HookEvent => ({
  DeploymentId: 'd-000000001',
  LifecycleEventHookExecutionId: 'execution-1',
  lifecycleEvent: 'BeforeAllowTraffic',
  app: 'shop',
  stage: 'prod',
  service: 'orders',
  release: RELEASE_ID,
  commit: COMMIT,
  functionName: 'orders-prod-list',
  alias: 'live',
  version: '2',
  versionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders-prod-list:2',
  previousVersion: '1',
});
