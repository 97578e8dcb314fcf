const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, PutCommand } = require('@aws-sdk/lib-dynamodb');

const GREETING = 'Dear';

const tables = DynamoDBDocumentClient.from(new DynamoDBClient());

/** Writes one message per paid order; the order's id as key makes a repeated event harmless. */
exports.handler = async (event) => {
  for (const { Sns } of event.Records) {
    const { orderId, customer, amount } = JSON.parse(Sns.Message);
    const text = `${GREETING} ${customer}, we received ${amount} for your order ${orderId}.`;
    const Item = { id: orderId, from: process.env.SENDER, text };
    await tables.send(new PutCommand({ TableName: process.env.MESSAGES_TABLE, Item }));
  }
};
