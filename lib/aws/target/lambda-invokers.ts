import {
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { PlainInvoker } from '../../core/code-only/tell-invokers';
import { isJsonObject } from '../../core/text/canonical-json';
import { parseJson } from '../../core/text/parse-json';

/**
 * A statement of a function's policy, as far as it is told:
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
const Statement = z.object({
  Sid: z.string().default(''),
  Effect: z.literal('Allow'),
  Principal: z.unknown(),
  Condition: z.unknown(),
});
const Policy = z.object({ Statement: z.array(z.unknown()) });

/**
 * What invokes a function itself, so with no qualifier, as far as Lambda knows: event source mappings, its policy and
 * its URL. Who may invoke it by an identity's policy, only IAM knows.
 */
export async function plainInvokers(client: LambdaClient, name: string): Promise<readonly PlainInvoker[]> {
  const [mappings, permissions, url] = await Promise.all([
    eventSources(client, name),
    unlessMissing(async () => (await client.send(new GetPolicyCommand({ FunctionName: name }))).Policy),
    unlessMissing(async () => (await client.send(new GetFunctionUrlConfigCommand({ FunctionName: name }))).FunctionUrl),
  ]);
  return [
    ...mappings,
    ...(permissions === undefined ? [] : statementsOf(permissions)),
    ...(url === undefined ? [] : [{ kind: 'url', url } as const]),
  ];
}

/** Asked for a function, Lambda lists those of its aliases, too. */
async function eventSources(client: LambdaClient, name: string): Promise<readonly PlainInvoker[]> {
  const found: PlainInvoker[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, { FunctionName: name })) {
    for (const {
      UUID: id = '',
      EventSourceArn: source = 'a source of its own',
      FunctionArn = '',
    } of page.EventSourceMappings ?? []) {
      // arn:aws:lambda:REGION:ACCOUNT:function:NAME, and what follows is a qualifier
      if (FunctionArn.split(':').length === 7) found.push({ kind: 'event-source', id, source });
    }
  }
  return found;
}

function statementsOf(policy: string): readonly PlainInvoker[] {
  const parsed = Policy.safeParse(parseJson(policy));
  return (parsed.data?.Statement ?? []).flatMap((one): PlainInvoker[] => {
    const statement = Statement.safeParse(one);
    if (!statement.success) return [];
    const { Sid: id, Principal, Condition } = statement.data;
    const source = sourceOf(Condition);
    return [{ kind: 'permission', id, principal: principalOf(Principal), ...(source !== undefined && { source }) }];
  });
}

function principalOf(principal: unknown): string {
  if (typeof principal === 'string') return principal === '*' ? 'everybody' : principal;
  const values = typeof principal === 'object' && principal !== null ? Object.values(principal).flat() : [];
  return values.map(String).join(', ') || 'somebody';
}

/** @returns the ARN or account in `aws:SourceArn` or `aws:SourceAccount`, whatever it is compared by */
function sourceOf(condition: unknown): string | undefined {
  if (!isJsonObject(condition)) return undefined;
  const values = Object.values(condition).flatMap((one) => (isJsonObject(one) ? Object.entries(one) : []));
  const named = (key: string) => values.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  const value = named('aws:SourceArn') ?? named('aws:SourceAccount');
  return value === undefined ? undefined : [value].flat().map(String).join(', ');
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
