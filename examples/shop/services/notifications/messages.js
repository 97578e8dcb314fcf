const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, ScanCommand } = require('@aws-sdk/lib-dynamodb');

const TITLE = 'Sent messages';

const tables = DynamoDBDocumentClient.from(new DynamoDBClient());

/** GET /messages */
exports.handler = async () => {
  const { Items } = await tables.send(new ScanCommand({ TableName: process.env.MESSAGES_TABLE }));
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ title: TITLE, sender: process.env.SENDER, messages: Items }),
  };
};
