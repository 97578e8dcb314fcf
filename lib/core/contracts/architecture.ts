import * as z from 'zod';

/** The processors that Lambda and CodeBuild have, by Lambda's names. */
export const Architecture = z.enum(['arm64', 'x86_64']);
export type Architecture = z.infer<typeof Architecture>;

/** What a function runs on that does not say: docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html */
export const DEFAULT_ARCHITECTURE: Architecture = 'x86_64';
