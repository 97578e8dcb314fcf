import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type ClientOptions, settings } from './settings';

/** @returns a Service Quotas client. */
export const serviceQuotasClient = (options: ClientOptions = {}) => new ServiceQuotasClient(settings(options));
