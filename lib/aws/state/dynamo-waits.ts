import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { WAIT_KEPT, Wait, WaitSubject } from '../../core/contracts/wait';
import type { Waits } from '../../ports/waits';
import { leftOut, queryItems } from './state-items';
import { SERVICES, waitKey, waitsEndKey, waitsPartition } from './state-keys';

/** An item as the state machine writes it. */
const WaitItem = z.object({
  sk: z.string().startsWith(SERVICES),
  token: Wait.shape.token,
  subject: z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(WaitSubject),
});
/** Or the one that says that the release has ended. */
const Item = z.union([WaitItem, z.object({ sk: z.literal(waitsEndKey('').sk) })]);

/** The port Waits over the state table. */
export const dynamoWaits = (client: DynamoDBDocumentClient, tableName: string): Waits => ({
  async list(releaseId) {
    // What waits in a way that is not known here looks after itself when it hears nothing.
    const items = await queryItems(client, Item, { tableName, pk: waitsPartition(releaseId), orElse: leftOut });
    const waits = items.flatMap((item) => ('token' in item ? [waitOf(item)] : []));
    return { waits, hasEnded: items.length > waits.length };
  },

  async update(releaseId, { service, token, subject }) {
    const update = new UpdateCommand({
      TableName: tableName,
      Key: waitKey(releaseId, service),
      UpdateExpression: 'SET subject = :subject',
      ...ofToken(token, { ':subject': JSON.stringify(subject) }),
    });
    await unlessAnother(client.send(update));
  },

  async remove(releaseId, { service, token }) {
    const Key = waitKey(releaseId, service);
    await unlessAnother(client.send(new DeleteCommand({ TableName: tableName, Key, ...ofToken(token) })));
  },

  async end(releaseId) {
    const expiresAt = Math.floor(Date.now() / 1_000) + WAIT_KEPT;
    await client.send(new PutCommand({ TableName: tableName, Item: { ...waitsEndKey(releaseId), expiresAt } }));
  },
});

const waitOf = ({ sk, token, subject }: z.infer<typeof WaitItem>): Wait => ({
  service: sk.slice(SERVICES.length),
  token,
  subject,
});

const ofToken = (token: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ConditionExpression: '#token = :token',
  ExpressionAttributeNames: { '#token': 'token' },
  ExpressionAttributeValues: { ...more, ':token': token },
});

async function unlessAnother(written: Promise<unknown>): Promise<void> {
  try {
    await written;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
