import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type ClientOptions, settings } from './settings';

/** @returns a CloudWatch Logs client. */
export const cloudWatchLogsClient = (options: ClientOptions = {}) => new CloudWatchLogsClient(settings(options));
