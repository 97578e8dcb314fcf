import { SFNClient } from '@aws-sdk/client-sfn';
import { type ClientOptions, settings } from './settings';

/** @returns a Step Functions client. */
export const stepFunctionsClient = (options: ClientOptions = {}) => new SFNClient(settings(options));
