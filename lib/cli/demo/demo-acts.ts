import type { DemoAct } from './demo-act';
import { DEVELOPMENT_ACTS } from './demo-development-acts';
import { PRODUCTION_ACTS } from './demo-production-acts';

/** The acts of `seedbed local demo`, in order. */
export const DEMO_ACTS: readonly DemoAct[] = [...DEVELOPMENT_ACTS, ...PRODUCTION_ACTS];
