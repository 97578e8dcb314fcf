import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { type ClientOptions, settings } from './settings';

/** @returns a CodeBuild client. */
export const codeBuildClient = (options: ClientOptions = {}) => new CodeBuildClient(settings(options));
