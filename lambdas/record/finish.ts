import * as z from 'zod';
import { FinishInput } from '../../lib/core/contracts/payloads';
import { Release } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import type { Outcome } from '../../lib/core/record/release-outcome';
import { stepErrorOf } from '../../lib/core/record/step-error';
import { type FinishPorts, finishRelease } from './finish-release';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const StatusEvent = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    status: z.enum(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']),
    input: z
      .string()
      .transform((text) => JSON.parse(text))
      .pipe(Release),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/**
 * Ends a release. The state machine `Release` calls it as its last state, and so does the event of its execution's end,
 * which also covers executions that were aborted, timed out or failed before that state.
 */
export const finish =
  (ports: FinishPorts) =>
  async (event: unknown): Promise<Pick<ReleaseRecord, 'status' | 'error'> | undefined> => {
    const input = z.union([FinishInput, StatusEvent]).parse(event);
    const [release, outcome] =
      'detail' in input ? [input.detail.input, outcomeOfEvent(input)] : [input.release, outcomeOfInput(input)];
    const record = await finishRelease(ports, release, outcome);
    return record && { status: record.status, error: record.error };
  };

function outcomeOfInput({ error }: z.infer<typeof FinishInput>): Outcome {
  if (!error) return { status: 'succeeded' };
  return { status: 'failed', error: 'code' in error ? error : stepErrorOf(error) };
}

function outcomeOfEvent({ detail: { status, error, cause } }: z.infer<typeof StatusEvent>): Outcome {
  if (status === 'SUCCEEDED') return { status: 'succeeded' };
  const why = cause ? `: ${cause}` : '';
  if (status === 'ABORTED') {
    return { status: 'aborted', error: { code: 'Aborted', message: `the execution was stopped${why}` } };
  }
  if (status === 'TIMED_OUT') {
    return { status: 'failed', error: { code: 'TimedOut', message: 'the execution ran longer than it may' } };
  }
  return { status: 'failed', error: stepErrorOf({ Error: error ?? 'Failed', Cause: cause ?? undefined }) };
}
