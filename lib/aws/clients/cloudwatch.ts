import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type ClientOptions, settings } from './settings';

/** @returns a CloudWatch client. */
export const cloudWatchClient = (options: ClientOptions = {}) => new CloudWatchClient(settings(options));
