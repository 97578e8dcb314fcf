import { Template } from 'aws-cdk-lib/assertions';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../../lib/core/removal/bucket-actions';
import { onErrorIn, stateMachine, successors } from './state-machine';
import { aPlatform } from './synthesise';

const { platform, target } = aPlatform();
const inPlatform = Template.fromStack(platform);
const inTarget = Template.fromStack(target);
const machine = stateMachine(inPlatform, 'Seedbed-ServiceRelease');
const { States } = machine;

describe('a removal', () => {
  const next = (name: string) => successors(States[name]!).sort();
  const onError = onErrorIn(machine);

  it('builds and deploys nothing', () => {
    expect(next('Build, reuse or remove?')).toContain('Begin removal');
    const reached = new Set(['Begin removal']);
    for (const name of reached) for (const other of successors(States[name]!)) reached.add(other);
    for (const name of ['Start build', 'Decide', 'Start stack update', 'Restore functions', 'Record']) {
      expect([name, reached.has(name)]).toEqual([name, false]);
    }
  });

  it('takes away what moves aliases, then what buckets hold, then the stack', () => {
    expect(next('Has before_remove?')).toEqual(['Remove shifts', 'Start before_remove']);
    expect(next('Shifts removed?')).toEqual(['Empty buckets', 'Remove shifts']);
    expect(next('Buckets empty?')).toEqual(['Empty buckets', 'Start stack deletion']);
    expect(next('Stack deleted?')).toEqual(['Verify removal', 'Wait for stack deletion without watcher']);
  });

  it('empties buckets again before it deletes a stack once more', () => {
    expect(next('Stack gone?')).toEqual(['Has after_remove?', 'Try deletion again']);
    expect(States['Try deletion again']).toMatchObject({
      Assign: { attempt: '{% $attempt + 1 %}' },
      Next: 'Empty buckets',
    });
  });

  it('forgets a service last', () => {
    expect(next('Has after_remove?')).toEqual(['Record removal', 'Start after_remove']);
    expect(States['Record removal']).toMatchObject({ End: true });
  });

  it.each([
    ...['Prepare removal', 'Remove shifts', 'Empty buckets', 'Start stack deletion', 'Wait for stack deletion'],
    ...['Verify removal', 'Record removal'],
  ])('records the failure when "%s" fails', (name) => {
    expect(onError(name)).toEqual([[['States.ALL'], 'Record failure']]);
  });

  it.each([
    ['before_remove', 'Remove shifts'],
    ['after_remove', 'Record removal'],
  ])('goes on without %s if its code is gone with the branch, and stops if its commands fail', (hook, after) => {
    for (const name of [`Start ${hook}`, `Wait for ${hook}`]) {
      expect(onError(name)).toEqual([[['States.ALL'], `Is the code of ${hook} gone?`]]);
    }
    expect(next(`Is the code of ${hook} gone?`)).toEqual([`Continue without ${hook}`, 'Record failure']);
    expect(States[`Continue without ${hook}`]).toMatchObject({ Next: after });
  });
});

describe('the role that empties buckets', () => {
  const [role] = Object.values(
    inTarget.findResources('AWS::IAM::Role', { Properties: { RoleName: 'seedbed-removal' } }),
  );
  const policies = Object.values(inTarget.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith('Removal')),
  );
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const text = (value: unknown) => JSON.stringify(value);

  it('can be assumed only by the worker that empties them, with the external id', () => {
    const [statement, ...more] = role!.Properties.AssumeRolePolicyDocument.Statement;
    expect(more).toEqual([]);
    expect(statement.Condition.StringEquals).toEqual({ 'sts:ExternalId': 'seedbed' });
    const pattern = text(statement.Condition.ArnLike['aws:PrincipalArn']);
    const prefix = /role\/seedbed\/Seedbed-(\w+)\*/.exec(pattern)![1]!;
    const roles = Object.keys(inPlatform.findResources('AWS::IAM::Role')).filter((id) => id.startsWith(prefix));
    expect(roles).toEqual([expect.stringMatching(/^RemovalWorkersEmptyBucketsRole/)]);
  });

  it('has a worker’s name in its trust that CloudFormation does not cut: names have 64 characters', () => {
    const ofRole = Object.keys(inPlatform.findResources('AWS::IAM::Role')).find((id) => /EmptyBucketsRole/.test(id))!;
    expect(`Seedbed-${ofRole}-XXXXXXXXXXXX`.length).toBeLessThanOrEqual(64);
  });

  it('is one that no other worker may assume', () => {
    const holders = Object.values(inPlatform.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      text(Properties.PolicyDocument).includes('role/seedbed-removal'),
    );
    expect(holders.map(({ Properties }) => Properties.Roles)).toEqual([
      [{ Ref: expect.stringMatching(/^RemovalWorkersEmptyBucketsRole/) }],
    ]);
  });

  it('may list and delete what buckets of its own account hold, and neither read it nor delete a bucket', () => {
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }) => Action).sort()).toEqual([...BUCKET_ACTIONS, ...OBJECT_ACTIONS].sort());
    for (const { Condition } of allowed) {
      expect(Condition.StringEquals).toEqual({ 'aws:ResourceAccount': '111122223333' });
    }
  });

  it('never touches the artifact repository', () => {
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied.map(({ Action }) => Action)).toEqual(['s3:*']);
    const bucket = Object.keys(inPlatform.findResources('AWS::S3::Bucket')).find((id) => id.startsWith('Artifacts'))!;
    const prefix = /s3:::(seedbed-artifacts)\*/.exec(text(denied))![1]!;
    expect(`seedbed-${bucket.toLowerCase()}-xxxx`.startsWith(prefix)).toBe(true);
  });
});
