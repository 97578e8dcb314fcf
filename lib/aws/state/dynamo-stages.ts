import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MadeStage } from '../../core/contracts/made-stage';
import type { Stages } from '../../ports/stages';
import { leftOut, parseItem, queryItems } from './state-items';
import { appPartition, MADE_STAGES, madeStageKey } from './state-keys';
import { updateParts } from './update-expression';

/** The port Stages over the state table. */
export function dynamoStages(client: DynamoDBDocumentClient, tableName: string): Stages {
  return {
    async make({ madeAt, removeAskedAt: _, commentId: __, ...stage }) {
      const parts = updateParts(stage, {
        remove: ['removeAskedAt'],
        names: { '#madeAt': 'madeAt' },
        values: { ':madeAt': madeAt },
      });
      const UpdateExpression = parts.UpdateExpression.replace(
        'SET ',
        'SET #madeAt = if_not_exists(#madeAt, :madeAt), ',
      );
      await client.send(
        new UpdateCommand({ TableName: tableName, Key: madeStageKey(stage), ...parts, UpdateExpression }),
      );
    },

    async find(key) {
      const read = new GetCommand({ TableName: tableName, Key: madeStageKey(key), ConsistentRead: true });
      const { Item } = await client.send(read);
      return Item && parseItem(MadeStage, Item);
    },

    list: (app) =>
      queryItems(client, MadeStage, { tableName, pk: appPartition(app), prefix: MADE_STAGES, orElse: leftOut }),

    async change(key, values) {
      try {
        const ConditionExpression = 'attribute_exists(pk)';
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: madeStageKey(key),
            ConditionExpression,
            ...updateParts(values),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async forget(key) {
      try {
        const ConditionExpression = 'attribute_not_exists(pk) OR attribute_exists(removeAskedAt)';
        await client.send(new DeleteCommand({ TableName: tableName, Key: madeStageKey(key), ConditionExpression }));
        return 'forgotten';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'wanted';
        throw error;
      }
    },
  };
}
