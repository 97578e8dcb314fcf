import { SSMClient } from '@aws-sdk/client-ssm';
import { type ClientOptions, settings } from './settings';

/** @returns a Systems Manager client. */
export const ssmClient = (options: ClientOptions = {}) => new SSMClient(settings(options));
