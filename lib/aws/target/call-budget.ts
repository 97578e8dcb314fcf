import type { CallBudget } from '../../ports/call-budget';
import type { Log } from '../../ports/log';
import { dynamoDbClient } from '../clients/dynamodb';
import { SYSTEM_CLOCK } from '../system-clock';
import { dynamoCallBudget } from './dynamo-call-budget';

/** @returns the budget of a worker that makes control calls of Lambda, over the table of this name */
export const callBudget = (tableName: string, log: Pick<Log, 'warn'>): CallBudget =>
  dynamoCallBudget(dynamoDbClient(), tableName, { clock: SYSTEM_CLOCK, log });
