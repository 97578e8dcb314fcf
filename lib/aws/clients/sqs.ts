import { SQSClient } from '@aws-sdk/client-sqs';
import { type ClientOptions, settings } from './settings';

/** @returns an SQS client. */
export const sqsClient = (options: ClientOptions = {}) => new SQSClient(settings(options));
