import { ECRClient } from '@aws-sdk/client-ecr';
import { type ClientOptions, settings } from './settings';

/** @returns a client of the Elastic Container Registry. */
export const ecrClient = (options: ClientOptions = {}) => new ECRClient(settings(options));
