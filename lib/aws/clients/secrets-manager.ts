import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type ClientOptions, settings } from './settings';

/** @returns a Secrets Manager client. */
export const secretsManagerClient = (options: ClientOptions = {}) => new SecretsManagerClient(settings(options));
