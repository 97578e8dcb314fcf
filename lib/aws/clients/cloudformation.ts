import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type ClientOptions, settings } from './settings';

/** @returns a CloudFormation client. */
export const cloudFormationClient = (options: ClientOptions = {}) => new CloudFormationClient(settings(options));
