import { SNSClient } from '@aws-sdk/client-sns';
import { type ClientOptions, settings } from './settings';

/** @returns an SNS client. */
export const snsClient = (options: ClientOptions = {}) => new SNSClient(settings(options));
