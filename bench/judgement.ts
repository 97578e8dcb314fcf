import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { rootClient } from '../lib/local/calls/root-client';
import { type LocalCloud, startLocalCloud } from '../lib/local/local-cloud';
import { median } from './figures';
import type { Table } from './markdown-table';

const CALLS = 400;
const NAME = '/bench/parameter';
const READ = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' };
/** Statements such as those of a worker's policy, none of which is about the call. */
const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    Effect: index % 5 === 0 ? 'Deny' : 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 's3:GetObject*'],
    Resource: [`arn:aws:dynamodb:*:111122223333:table/t-${index}`, `arn:aws:s3:::bucket-${index}/packages/*`],
    Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Seedbed-*' } },
  }));

/** @returns a client that calls as a new role with these statements */
async function aRole(cloud: LocalCloud, name: string, statements: readonly object[]): Promise<SSMClient> {
  const { endpoint, accountId, region, root } = cloud;
  const iam = rootClient(cloud);
  const document = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' };
  const calls: readonly Record<string, string>[] = [
    { Action: 'CreateRole', RoleName: name, AssumeRolePolicyDocument: document(trust) },
    { Action: 'PutRolePolicy', RoleName: name, PolicyName: 'bench', PolicyDocument: document(...statements) },
  ];
  for (const call of calls)
    await iam.send({ accessKey: accountId, region }, 'iam', {
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Version: '2010-05-08', ...call }).toString(),
    });
  iam.close();
  const sts = new STSClient({ endpoint, region, credentials: root });
  const RoleArn = `arn:aws:iam::${accountId}:role/${name}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'bench' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  return new SSMClient({ endpoint, region, credentials });
}

/** What it costs that the local cloud judges a call: the same one as root, who may do everything, and as roles. */
export async function benchJudgement(): Promise<readonly Table[]> {
  const cloud = await startLocalCloud({ name: 'judgement' });
  try {
    const { endpoint, region } = cloud;
    const root = new SSMClient({ endpoint, region, credentials: cloud.root });
    await root.send(new PutParameterCommand({ Name: NAME, Value: 'x', Type: 'String' }));
    const callers: readonly (readonly [string, SSMClient])[] = [
      ['root, not judged', root],
      ['a role with 1 statement', await aRole(cloud, 'few', [READ])],
      ['a role with 10 statements', await aRole(cloud, 'some', [...others(9), READ])],
      ['a role with 25 statements', await aRole(cloud, 'many', [...others(24), READ])],
    ];
    const taken = callers.map((): number[] => []);
    // By turns, so that whatever else the machine does is shared by all.
    for (let call = 0; call < CALLS; call += 1)
      for (const [at, [, client]] of callers.entries()) {
        const begun = performance.now();
        await client.send(new GetParameterCommand({ Name: NAME }));
        taken[at]!.push(performance.now() - begun);
      }
    const medians = taken.map((each) => median(each.slice(CALLS / 10)));
    const figure = (value: number) => `${value.toFixed(2)} ms`;
    return [
      {
        title: 'One judgement: GetParameter by the local cloud’s gateway',
        columns: ['caller', 'median', 'more than root'],
        rows: callers.map(([name], at) => [
          name,
          figure(medians[at]!),
          at === 0 ? '' : figure(medians[at]! - medians[0]!),
        ]),
        notes: [`Median of ${CALLS} calls each, by turns, without the first tenth.`],
      },
    ];
  } finally {
    await cloud.stop();
  }
}
