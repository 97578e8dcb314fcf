import { rootClient } from '../lib/local/calls/root-client';
import type { Credentials } from '../lib/local/processes/environments';

/** Which local cloud, and which account of it. */
export interface Place {
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
  /** Of an account's root; those of other accounts have the same secret. */
  readonly root: Credentials;
}

/** A role that a test needs, as the local cloud asks for one that exists. */
export interface RoleOptions {
  readonly name: string;
  /** Its path in IAM, between slashes; none unless given. */
  readonly path?: string;
  /** Services that may assume it, such as `lambda`; everybody in its account may, too. */
  readonly services?: readonly string[];
  /** Its trust policy's statements, in place of `services`: without an action, which is to assume it. */
  readonly trust?: readonly object[];
  /** What it may do on every resource; everything unless given. */
  readonly actions?: readonly string[];
  /** What it may do, in place of `actions`: statements without an effect, which is to allow. */
  readonly statements?: readonly object[];
}

/** Makes a role as the account's root. @returns its ARN */
export async function makeRole(
  place: Place,
  {
    name,
    path = '/',
    services = [],
    trust,
    actions = ['*'],
    statements = [{ Action: actions, Resource: '*' }],
  }: RoleOptions,
): Promise<string> {
  const principals = { AWS: place.accountId, Service: services.map((service) => `${service}.amazonaws.com`) };
  const calls: readonly Record<string, string>[] = [
    {
      Action: 'CreateRole',
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: trustPolicy(trust ?? [{ Principal: principals }]),
    },
    {
      Action: 'PutRolePolicy',
      RoleName: name,
      PolicyName: 'test',
      PolicyDocument: document(statements),
    },
  ];
  for (const call of calls) await callIam(place, call);
  return `arn:aws:iam::${place.accountId}:role${path}${name}`;
}

const document = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });

/** @returns a trust policy of statements that allow unless they say otherwise */
export const trustPolicy = (statements: readonly object[]): string =>
  document(statements.map((one) => ({ Action: 'sts:AssumeRole', ...one })));

/** Calls IAM as the account's root: the project has no client for it. @returns the answer's XML */
export async function callIam(
  { endpoint, accountId, region, root }: Place,
  call: Readonly<Record<string, string>>,
): Promise<string> {
  const client = rootClient({ endpoint, root });
  const answer = await client.send({ accessKey: accountId, region }, 'iam', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2010-05-08', ...call }).toString(),
  });
  client.close();
  return answer.body.toString('utf8');
}
