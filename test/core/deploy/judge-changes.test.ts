import { NESTED_STACK } from '../../../lib/core/deploy/data-at-risk';
import { judgeChanges, type StackChange, type UpdateToJudge } from '../../../lib/core/deploy/judge-changes';

const change = (logicalId: string, type: string, more: Partial<StackChange> = {}): StackChange => ({
  logicalId,
  type,
  physicalId: `orders-${logicalId}`,
  replaced: 'no',
  removed: false,
  ...more,
});
const removed = { removed: true } as const;
const replaced = { replaced: 'yes' } as const;
const TABLE = 'AWS::DynamoDB::Table';
const URL = 'AWS::Lambda::Url';

/** An update of a stage that protects what holds data. */
const anUpdate = (changes: readonly StackChange[], more: Partial<UpdateToJudge> = {}): UpdateToJudge => ({
  release: { app: 'shop', stage: 'prod', guard: { protect: true, adopt: [], replace: [] } },
  stackName: 'orders-prod',
  adopted: false,
  current: { Resources: {} },
  changes,
  ...more,
});
const UNPROTECTED = { app: 'shop', stage: 'dev' };
const allowing = (...replace: string[]) => ({
  app: 'shop',
  stage: 'prod',
  guard: { protect: true, adopt: [], replace },
});
const refusal = (update: UpdateToJudge) => {
  try {
    return { told: judgeChanges(update) };
  } catch (error) {
    return error as Error & { readonly code: string };
  }
};

describe('an update of a protected stack', () => {
  it.each<[string, StackChange, string]>([
    ['removes a table', change('Orders', TABLE, removed), 'Orders (AWS::DynamoDB::Table "orders-Orders") removed'],
    ['replaces a bucket', change('Files', 'AWS::S3::Bucket', replaced), '"orders-Files") replaced by a new one'],
    ['may replace a user pool', change('Users', 'AWS::Cognito::UserPool', { replaced: 'maybe' }), 'perhaps replaced'],
    [
      'removes a key without a name',
      change('Key', 'AWS::KMS::Key', { ...removed, physicalId: undefined }),
      'Key (AWS::KMS::Key) removed',
    ],
  ])('is refused if it %s', (_, one, words) => {
    expect(refusal(anUpdate([one]))).toMatchObject({
      code: 'StatefulChange',
      message: expect.stringContaining(words),
    });
  });

  it('is refused with the stack, the stage and the line that allows it', () => {
    const one = change('Orders', TABLE, removed);
    const { message } = refusal(
      anUpdate([one, change('Files', 'AWS::S3::Bucket', replaced)], { release: allowing('a-prod/B') }),
    ) as Error;
    expect(message).toContain('the update of stack "orders-prod"');
    expect(message).toContain('nothing of it was touched, since stage "prod" protects what holds data');
    expect(message).toContain('"apps.shop.stages.prod" in seedbed.yml');
    expect(message).toContain('replace: [a-prod/B, orders-prod/Orders, orders-prod/Files]');
  });

  it('is refused for what a nested stack holds, also if CloudFormation cannot look into it', () => {
    const inside = change('Storage/Orders', TABLE, removed);
    expect(refusal(anUpdate([change('Storage', NESTED_STACK), inside]))).toMatchObject({
      code: 'StatefulChange',
      message: expect.stringContaining('replace: [orders-prod/Storage/Orders]'),
    });
    expect(refusal(anUpdate([change('Storage', NESTED_STACK, { replaced: 'maybe' })]))).toMatchObject({
      message: expect.stringMatching(/Storage .* changed inside, where CloudFormation cannot foresee what/),
    });
    expect(refusal(anUpdate([{ ...inside, retained: true }]))).toEqual({
      told: [expect.stringContaining('retained as they are: Storage/Orders')],
    });
  });

  it('names the stage whose settings a made stage has', () => {
    const release = { ...allowing(), stage: 'pr-12', template: 'dev' };
    expect(refusal(anUpdate([change('Orders', TABLE, removed)], { release }))).toMatchObject({
      message: expect.stringContaining('"apps.shop.stages.dev" in seedbed.yml'),
    });
  });

  it.each<[string, StackChange]>([
    ['changes a table in place', change('Orders', TABLE)],
    ['removes what holds nothing', change('Topic', 'AWS::SNS::Topic', removed)],
    ['replaces what holds nothing', change('List', 'AWS::Lambda::Function', replaced)],
    ['removes logs', change('ListLogGroup', 'AWS::Logs::LogGroup', removed)],
    ["removes the framework's bucket", change('ServerlessDeploymentBucket', 'AWS::S3::Bucket', removed)],
    ['replaces a public address', change('Url', URL, replaced)],
  ])('goes on, and tells nothing, if it %s', (_, one) => {
    expect(judgeChanges(anUpdate([one]))).toEqual([]);
  });

  it.each(['Retain', 'RetainExceptOnCreate'])(
    'goes on, and says so, if a table that goes has the policy %s',
    (policy) => {
      const current = { Resources: { Orders: { Type: TABLE, DeletionPolicy: policy } } };
      expect(judgeChanges(anUpdate([change('Orders', TABLE, removed)], { current }))).toEqual([
        'stack "orders-prod": no longer of the stack, and retained as they are: ' +
          'Orders (AWS::DynamoDB::Table "orders-Orders") removed',
      ]);
    },
  );

  it.each([
    ['a snapshot is taken', { DeletionPolicy: 'Snapshot' }, removed],
    [
      'the old one is retained, since the service would go on with an empty one',
      { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain' },
      replaced,
    ],
  ])('is refused even if %s', (_, policies, what) => {
    const current = { Resources: { Orders: { Type: 'AWS::RDS::DBInstance', ...policies } } };
    expect(refusal(anUpdate([change('Orders', 'AWS::RDS::DBInstance', what)], { current }))).toMatchObject({
      code: 'StatefulChange',
    });
  });

  it('goes on, and says so, if the owner has named the resource of this stack', () => {
    const changes = [change('Orders', TABLE, removed)];
    expect(judgeChanges(anUpdate(changes, { release: allowing('orders-prod/Orders') }))).toEqual([
      'stack "orders-prod": as "replace" in seedbed.yml allows: Orders (AWS::DynamoDB::Table "orders-Orders") removed',
    ]);
    expect(refusal(anUpdate(changes, { release: allowing('orders-dev/Orders', 'orders-prod/Order') }))).toMatchObject({
      code: 'StatefulChange',
    });
  });

  it('tells a bounded number of resources', () => {
    const changes = Array.from({ length: 300 }, (_, index) => change(`Table${index}`, TABLE, removed));
    expect(refusal(anUpdate(changes))).toMatchObject({
      message: expect.stringMatching(/and 280 more.*orders-prod\/Table49, … 250 more\]$/),
    });
  });
});

describe('an update of a stack that nobody protects', () => {
  it('may remove what it likes', () => {
    expect(judgeChanges(anUpdate([change('Orders', TABLE, removed)], { release: UNPROTECTED }))).toEqual([]);
  });
});

describe('the take-over of a stack', () => {
  const takeOver = (...changes: readonly StackChange[]) => anUpdate(changes, { release: UNPROTECTED, adopted: true });

  it('is refused if it takes what holds data, whatever the stage', () => {
    expect(refusal(takeOver(change('Orders', TABLE, removed)))).toMatchObject({
      code: 'StatefulChange',
      message: expect.stringContaining('this is the first release of a stack that was there before'),
    });
  });

  it.each([
    ['AWS::Lambda::Url', replaced],
    ['AWS::ApiGateway::RestApi', removed],
    ['AWS::ApiGatewayV2::Api', replaced],
    ['AWS::ApiGateway::DomainName', replaced],
    ['AWS::CloudFront::Distribution', removed],
  ])('is refused if it changes a public address: %s', (type, what) => {
    expect(refusal(takeOver(change('Door', type, what)))).toMatchObject({
      code: 'AddressChange',
      message: expect.stringContaining(`public addresses (Door (${type} "orders-Door")`),
    });
  });

  it('names both in one refusal', () => {
    expect(refusal(takeOver(change('Orders', TABLE, removed), change('Door', URL, replaced)))).toMatchObject({
      code: 'StatefulChange',
      message: expect.stringMatching(
        /what holds data \(Orders .*\) and public addresses \(Door .*replace: \[orders-prod\/Orders, orders-prod\/Door\]/,
      ),
    });
  });

  it('tells what else it removes or replaces, but for what it always makes anew', () => {
    const told = judgeChanges(
      takeOver(
        change('Rule', 'AWS::Events::Rule', replaced),
        change('Old', 'AWS::SNS::Topic', removed),
        change('Perhaps', 'AWS::SNS::Topic', { replaced: 'maybe' }),
        change('ListPermission', 'AWS::Lambda::Permission', replaced),
        change('ListVersion', 'AWS::Lambda::Version', removed),
        change('List', 'AWS::Lambda::Function'),
      ),
    );
    expect(told).toEqual([
      'stack "orders-prod": taken over from other means, and so: Rule (AWS::Events::Rule "orders-Rule") replaced by a ' +
        'new one; Old (AWS::SNS::Topic "orders-Old") removed',
    ]);
  });
});

describe('what may be replaced because of what it refers to', () => {
  const maybe = (causes: readonly string[] | undefined) => change('Door', URL, { replaced: 'maybe', causes });
  const list = (more: Partial<StackChange>) => change('List', 'AWS::Lambda::Function', more);
  const takeOver = (...changes: readonly StackChange[]) =>
    refusal(anUpdate(changes, { release: UNPROTECTED, adopted: true }));
  const between = (more: Partial<StackChange>) => change('Between', 'AWS::KMS::Alias', { replaced: 'maybe', ...more });

  it.each<[string, readonly StackChange[]]>([
    ['a function that changes in place', [maybe(['List.Arn']), list({})]],
    [
      'what changes in place only because of another',
      [maybe(['Between.Arn']), between({ causes: ['List'] }), list({})],
    ],
    ['what does not change', [maybe(['List.Arn'])]],
    ['what refers back', [maybe(['Between.Arn']), between({ causes: ['Door.Id'] })]],
  ])('stays as it is behind %s', (_, changes) => {
    expect(takeOver(...changes)).toEqual({ told: [] });
  });

  it.each<[string, readonly StackChange[]]>([
    ['a function that is replaced', [maybe(['List.Arn']), list(replaced)]],
    ['a function that may be replaced', [maybe(['List.Arn']), list({ replaced: 'maybe' })]],
    ['what is replaced with another', [maybe(['Between.Arn']), between({ causes: ['List.Arn'] }), list(replaced)]],
    ['one that stays and one that does not', [maybe(['Other.Arn', 'List']), change('Other', 'X'), list(replaced)]],
    ['an attribute of a custom resource', [maybe(['Made.Name']), change('Made', 'Custom::Name')]],
    ['an output of a nested stack', [maybe(['Made.Outputs.Name']), change('Made', 'AWS::CloudFormation::Stack')]],
    ['nothing that CloudFormation names', [maybe(undefined)]],
  ])('may go behind %s', (_, changes) => {
    expect(takeOver(...changes)).toMatchObject({
      code: 'AddressChange',
      message: expect.stringContaining('Door (AWS::Lambda::Url "orders-Door") perhaps replaced by a new one'),
    });
  });
});
