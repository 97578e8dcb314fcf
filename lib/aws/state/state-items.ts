import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/**
 * @param item as read from the state table
 * @returns its value
 * @throws Error naming the item's key and what is wrong with it
 */
export function parseItem<T>(schema: z.ZodType<T>, item: Readonly<Record<string, unknown>>): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new Error(`state table item ${item.pk} ${item.sk} is not valid: ${z.prettifyError(parsed.error)}`);
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

/** @returns the values of the items of a partition, or of those under a prefix, in the order of their keys. */
export async function queryItems<T>(
  client: DynamoDBDocumentClient,
  schema: z.ZodType<T>,
  query: StateQuery,
): Promise<T[]> {
  const found: T[] = [];
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
    found.push(...(page.Items ?? []).map((item) => parseItem(schema, item)));
    // Another page is read only if these are not enough.
    if (query.limit !== undefined && found.length >= query.limit) break;
  }
  return found.slice(0, query.limit);
}
