import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { ReleaseError } from '../../core/contracts/errors';
import { unreadableItem } from '../../core/contracts/unreadable';

/** What an item counts as that cannot be read: something that says so, or nothing at all. */
export type OrElse<T> = (item: Readonly<Record<string, unknown>>, why: string) => T;

/** For items that nothing depends on: those that cannot be read are left out, and stay where they are. */
export const leftOut = (): undefined => undefined;

/** @throws ReleaseError `StateUnreadable` naming the item's key and what is not understood of it */
export const refused: OrElse<never> = (_, why) => {
  throw new ReleaseError('StateUnreadable', why);
};

/**
 * @param item as read from the state table
 * @param orElse what it counts as if it cannot be read
 * @returns its value
 */
export function parseItem<T, Other = never>(
  schema: z.ZodType<T>,
  item: Readonly<Record<string, unknown>>,
  orElse: OrElse<Other> = refused as OrElse<Other>,
): T | Other {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  return orElse(item, unreadableItem(item, problems.join('; ')));
}

export interface StateQuery {
  readonly tableName: string;
  readonly pk: string;
  /** Beginning of the sort key; the whole partition without it. */
  readonly prefix?: string;
  readonly newestFirst?: boolean;
  /** Most items to return; all without it. */
  readonly limit?: number;
  /** Only items that have this attribute. */
  readonly having?: string;
}

/**
 * @param query `orElse`: what an item counts as that cannot be read, so that one of a newer version keeps nobody from
 * reading the others
 * @returns the values of the items of a partition, or of those under a prefix, in the order of their keys
 */
export async function queryItems<T, Other = never>(
  client: DynamoDBDocumentClient,
  schema: z.ZodType<T>,
  { orElse, ...query }: StateQuery & { readonly orElse: OrElse<Other> },
): Promise<(T | Exclude<Other, undefined>)[]> {
  const found: (T | Exclude<Other, undefined>)[] = [];
  const pages = paginateQuery(
    { client, ...(query.having === undefined && { pageSize: query.limit }) },
    {
      TableName: query.tableName,
      KeyConditionExpression: `pk = :pk${query.prefix === undefined ? '' : ' AND begins_with(sk, :prefix)'}`,
      ...(query.having && {
        FilterExpression: 'attribute_exists(#having)',
        ExpressionAttributeNames: { '#having': query.having },
      }),
      ExpressionAttributeValues: { ':pk': query.pk, ...(query.prefix !== undefined && { ':prefix': query.prefix }) },
      ConsistentRead: true,
      ScanIndexForward: !query.newestFirst,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const value = parseItem(schema, item, orElse);
      if (value !== undefined) found.push(value as T | Exclude<Other, undefined>);
    }
    // Another page is read only if these are not enough.
    if (query.limit !== undefined && found.length >= query.limit) break;
  }
  return found.slice(0, query.limit);
}
