import type { ServiceKind } from '../../core/contracts/service-kind';
import { codeOnly } from './code-only/code-only';
import type { Kind } from './kind';
import { sam } from './sam/sam';
import { serverless } from './serverless/serverless';

/** Every kind of service that can be packaged. */
export const KINDS: Readonly<Record<ServiceKind, Kind>> = { serverless, sam, 'code-only': codeOnly };
