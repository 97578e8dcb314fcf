import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaPlatformWorkers } from '../../../lib/aws/callers/lambda-platform-workers';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { COMMIT, RELEASE_ID } from '../../builders';

const sdk = mockClient(LambdaClient);
const workers = lambdaPlatformWorkers(new LambdaClient({ region: 'eu-west-1' }), {
  StartRelease: 'start',
  StartRollback: 'rollback',
  CancelRelease: 'cancel',
  PreviewRelease: 'preview',
  RemoveStage: 'remove',
  Doctor: 'doctor',
});
const stage = { app: 'shop', stage: 'dev' };
const input = { ...stage, commit: COMMIT, requestId: 'r' };
const started = { releaseId: RELEASE_ID, status: 'waiting' } as const;

const answers = (payload: unknown, FunctionError?: string) => {
  const text = JSON.stringify(payload);
  const Payload = Object.assign(new TextEncoder().encode(text), { transformToString: () => text });
  sdk.on(InvokeCommand).resolves({ FunctionError, Payload });
};

/** @returns the worker that was called, and with what. */
const called = () => {
  const [call] = sdk.commandCalls(InvokeCommand);
  const { FunctionName, Payload } = call!.args[0].input;
  return [FunctionName, JSON.parse(String(Payload))];
};

beforeEach(() => sdk.reset());

describe('lambdaPlatformWorkers', () => {
  it('hands a request to its worker and answers what the worker answers', async () => {
    answers(started);
    expect(await workers.startRelease(input)).toEqual(started);
    expect(called()).toEqual(['start', input]);
  });

  it.each([
    ['rollback', () => workers.startRollback({ ...stage, requestId: 'r' }), { ...stage, requestId: 'r' }],
    ['cancel', () => workers.cancelRelease(stage), stage],
    ['preview', () => workers.previewRelease({ ...stage, commit: COMMIT }), { ...stage, commit: COMMIT }],
    ['remove', () => workers.removeStage({ ...stage, requestId: 'r' }), { ...stage, requestId: 'r' }],
    ['doctor', () => workers.diagnose('shop'), { app: 'shop' }],
  ])('calls the worker "%s", and refuses an answer that is not of its form', async (worker, call, request) => {
    answers({ unknown: true });
    await expect(call()).rejects.toMatchObject({ name: 'ZodError' });
    expect(called()).toEqual([worker, request]);
  });

  it('throws what a user can act on as the error that the worker threw', async () => {
    answers({ errorType: 'StageNotFound', errorMessage: 'app "shop" has no stage "qa"', trace: [] }, 'Unhandled');
    const error = await workers.startRelease(input).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReleaseError);
    expect(error).toMatchObject({ code: 'StageNotFound', message: 'app "shop" has no stage "qa"' });
  });

  it('throws anything else as a fault of the worker', async () => {
    answers({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 30.00 seconds' }, 'Unhandled');
    const call = workers.startRelease(input);
    await expect(call).rejects.toThrow('start stopped with Sandbox.Timedout: Task timed out');
    await expect(call).rejects.not.toBeInstanceOf(ReleaseError);
  });
});
