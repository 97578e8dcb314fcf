import { LambdaClient } from '@aws-sdk/client-lambda';
import { type ClientOptions, settings } from './settings';

/** @returns a Lambda client. */
export const lambdaClient = (options: ClientOptions = {}) => new LambdaClient(settings(options));
