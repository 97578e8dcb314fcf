import { STSClient } from '@aws-sdk/client-sts';
import { type ClientOptions, settings } from './settings';

/** @returns an STS client. */
export const stsClient = (options: ClientOptions = {}) => new STSClient(settings(options));
