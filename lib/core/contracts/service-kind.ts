import * as z from 'zod';

/** What a service can be made with that is found by its files. */
export const SERVICE_KINDS = ['serverless', 'sam'] as const;
export type FoundKind = (typeof SERVICE_KINDS)[number];

/** What a service is made with: the Serverless Framework, AWS SAM, or functions that something else makes. */
export const ServiceKind = z.enum([...SERVICE_KINDS, 'code-only']);
export type ServiceKind = z.infer<typeof ServiceKind>;
