import { type ExistingStack, type StackOfService, stackOwner } from '../../../lib/core/deploy/stack-owner';
import { stackTags } from '../../../lib/core/deploy/stack-tags';
import type { Template } from '../../../lib/core/template/template';

const owner = { app: 'shop', stage: 'dev', service: 'services/orders' };
const functionOf = (logicalId: string) => ({
  logicalId,
  type: 'AWS::Lambda::Function',
  physicalId: `orders-${logicalId}`,
});
const BUCKET = { logicalId: 'ServerlessDeploymentBucket', type: 'AWS::S3::Bucket', physicalId: 'orders-artifacts' };
const TABLE = { logicalId: 'Orders', type: 'AWS::DynamoDB::Table', physicalId: 'orders' };
const templateOf = (...resources: readonly { readonly logicalId: string; readonly type: string }[]): Template => ({
  Resources: Object.fromEntries(resources.map(({ logicalId, type }) => [logicalId, { Type: type }])),
});

/** A stack as the framework leaves it, and the service that is about to be deployed. */
const aStack = (more: Partial<ExistingStack> = {}): ExistingStack => ({
  tags: { STAGE: 'dev' },
  outputs: { ServerlessDeploymentBucketName: 'orders-artifacts' },
  resources: [BUCKET, functionOf('List'), functionOf('Create'), TABLE],
  ...more,
});
const aService = (more: Partial<StackOfService> = {}): StackOfService => ({
  release: { app: 'shop', stage: 'dev' },
  service: owner.service,
  stackName: 'orders-dev',
  template: templateOf(BUCKET, functionOf('List'), functionOf('Create'), TABLE),
  ...more,
});
const refusal = (stack: ExistingStack, service = aService()): string => {
  try {
    return `not refused: ${stackOwner(stack, service)}`;
  } catch (error) {
    expect(error).toMatchObject({ code: 'StackNameTaken' });
    return (error as Error).message;
  }
};

describe('a stack of the name of a service', () => {
  it("is its own if it has the service's tags, whatever it holds", () => {
    expect(stackOwner(aStack({ tags: stackTags(owner), resources: [TABLE], outputs: {} }), aService())).toBe('own');
  });

  it.each([{ app: 'bank' }, { stage: 'prod' }, { service: 'services/payments' }])(
    "is another's if its tags say so, even if it is named: %j",
    (more) => {
      const stack = aStack({ tags: { STAGE: 'dev', ...stackTags({ ...owner, ...more }) } });
      const guard = { protect: false, adopt: ['orders-dev'], replace: [] };
      const release = { app: 'shop', stage: 'dev', guard };
      expect(refusal(stack, aService({ release }))).toMatch(
        /^stack "orders-dev" of service "services\/orders" .* belongs to/,
      );
    },
  );

  it.each<[string, Partial<ExistingStack>]>([
    ['as it made it', {}],
    ['with a bucket of artifacts that the service names', { resources: [functionOf('List'), functionOf('Create')] }],
    ['before it gave out the name of its bucket', { outputs: {} }],
    ['and lacks a function by now', { resources: [BUCKET, functionOf('List'), functionOf('Delete')] }],
    ['and has nothing but resources', { resources: [BUCKET, TABLE] }],
    ['and never came further than its bucket', { resources: [BUCKET] }],
    ['and has nothing at all left', { resources: [], tags: {}, outputs: {} }],
    [
      'with functions of the framework itself',
      { resources: [BUCKET, functionOf('List'), functionOf('CustomDashresourceDashexistingDashs3LambdaFunction')] },
    ],
  ])('is adopted if the framework deployed the service, %s', (_, more) => {
    expect(stackOwner(aStack(more), aService())).toBe('adopted');
  });

  it.each<[string, Partial<ExistingStack>, RegExp]>([
    ["is not the framework's", { outputs: {}, resources: [TABLE] }, /the Serverless Framework did not make it/],
    [
      'has a bucket of that name that is none',
      { outputs: {}, resources: [{ ...BUCKET, type: 'AWS::SQS::Queue' }, functionOf('List')] },
      /the Serverless Framework did not make it/,
    ],
    ['has no stage', { tags: {} }, /it lacks the tag STAGE/],
    ['is of another stage', { tags: { STAGE: 'prod' } }, /by its tag STAGE it is of stage "prod"/],
    [
      'shares one function of three',
      { resources: [BUCKET, functionOf('List'), functionOf('Pay'), functionOf('Refund')] },
      /this service has 1 of its 3 functions/,
    ],
    [
      'shares the ids of functions that are something else there',
      { resources: [BUCKET, { ...TABLE, logicalId: 'List' }, functionOf('Pay')] },
      /this service has 0 of its 1 functions/,
    ],
    ['shares no resource', { resources: [BUCKET, { ...TABLE, logicalId: 'Users' }] }, /has 0 of its 1 resources/],
  ])('is refused if it %s', (_, more, why) => {
    expect(refusal(aStack(more))).toMatch(why);
  });

  it('is told in the refusal, with what it holds and how to consent', () => {
    const resources = [TABLE, ...Array.from({ length: 9 }, (_, index) => functionOf(`Pay${index}`))];
    const message = refusal(aStack({ resources, tags: {}, outputs: {} }));
    expect(message).toContain('it holds 10 resources (Orders (AWS::DynamoDB::Table "orders"); Pay0 (');
    expect(message).toContain('and 2 more');
    expect(message).toContain('"provider.stackName"');
    expect(message).toContain('add "adopt: [orders-dev]" to "apps.shop.stages.dev" in seedbed.yml');
  });

  it('is named below the stage whose settings a made one has', () => {
    const release = { app: 'shop', stage: 'pr-12', template: 'dev' };
    expect(refusal(aStack(), aService({ release }))).toContain('"apps.shop.stages.dev"');
  });

  it('is adopted in spite of all if the owner has named it, and no other', () => {
    const release = (...adopt: string[]) => ({
      app: 'shop',
      stage: 'dev',
      guard: { protect: false, adopt, replace: [] },
    });
    const foreign = aStack({ tags: {}, outputs: {}, resources: [TABLE] });
    expect(stackOwner(foreign, aService({ release: release('orders-dev') }))).toBe('adopted');
    expect(refusal(foreign, aService({ release: release('orders') }))).toContain('the Serverless Framework did not');
  });
});
