import { ReleaseError, retryableCodes } from '../../core/contracts/errors';
import type { WaitSubject } from '../../core/contracts/wait';

/** How a job was found at one look. */
export type Sighting =
  | {
      readonly status: 'running';
      /** What is known of it now, if that is to be kept. */
      readonly subject?: WaitSubject;
      /** Milliseconds until it is worth another look; the usual if not given. */
      readonly next?: number;
    }
  /** What the state that waits for it goes on with. */
  | { readonly status: 'ended'; readonly output: unknown }
  | { readonly status: 'failed'; readonly error: ReleaseError }
  /** The state that waited for it waits no more. */
  | { readonly status: 'forsaken' };

/**
 * @param look what a wait worker does at each look
 * @returns what it saw, for somebody who looks at many
 * @throws what passes by itself, and what is nobody's fault but ours: then nothing is known of the job
 */
export async function sightingOf(look: Promise<{ readonly status: string }>): Promise<Sighting> {
  try {
    const output = await look;
    return output.status === 'running' ? { status: 'running' } : { status: 'ended', output };
  } catch (error) {
    if (!(error instanceof ReleaseError) || retryableCodes().includes(error.code)) throw error;
    return { status: 'failed', error };
  }
}
