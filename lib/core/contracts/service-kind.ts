import * as z from 'zod';

/** What a service is made with. */
export const ServiceKind = z.enum(['serverless']);
export type ServiceKind = z.infer<typeof ServiceKind>;
