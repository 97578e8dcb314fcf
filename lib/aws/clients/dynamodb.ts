import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ClientOptions, settings } from './settings';

/** @returns a DynamoDB client that speaks plain values; fields that are `undefined` are left out of what it writes. */
export const dynamoDbClient = (options: ClientOptions = {}) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(settings(options)), {
    marshallOptions: { removeUndefinedValues: true },
  });
