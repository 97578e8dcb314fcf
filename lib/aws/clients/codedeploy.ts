import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { type ClientOptions, settings } from './settings';

/** @returns a CodeDeploy client. */
export const codeDeployClient = (options: ClientOptions = {}) => new CodeDeployClient(settings(options));
