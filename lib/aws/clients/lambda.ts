import { LambdaClient } from '@aws-sdk/client-lambda';
import { type ClientOptions, settings } from './settings';

/** @returns a Lambda client. */
export const lambdaClient = (options: ClientOptions = {}) => new LambdaClient(settings(options));

/** Longer than any function runs. */
const PATIENCE_MS = 16 * 60_000;

/** @returns a Lambda client that waits for the answer of an invocation, however long the function runs. */
export const patientLambdaClient = (options: ClientOptions = {}) =>
  new LambdaClient({ ...settings(options), requestHandler: { socketTimeout: PATIENCE_MS } });
