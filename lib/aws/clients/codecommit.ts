import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { type ClientOptions, settings } from './settings';

/** @returns a CodeCommit client. */
export const codeCommitClient = (options: ClientOptions = {}) => new CodeCommitClient(settings(options));
