import * as z from 'zod';

/** What a service can be made with. */
export const SERVICE_KINDS = ['serverless', 'sam'] as const;

/** What a service is made with: the Serverless Framework, or AWS SAM. */
export const ServiceKind = z.enum(SERVICE_KINDS);
export type ServiceKind = z.infer<typeof ServiceKind>;
