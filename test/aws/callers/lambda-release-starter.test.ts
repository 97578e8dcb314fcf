import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaReleaseStarter } from '../../../lib/aws/callers/lambda-release-starter';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { COMMIT, RELEASE_ID } from '../../builders';

describe('lambdaReleaseStarter', () => {
  const sdk = mockClient(LambdaClient);
  const starter = lambdaReleaseStarter(new LambdaClient({ region: 'eu-west-1' }), 'start');
  const input = { app: 'shop', stage: 'dev', commit: COMMIT, requestId: 'r' };
  const answers = (payload: unknown, FunctionError?: string) => {
    const text = JSON.stringify(payload);
    const Payload = Object.assign(new TextEncoder().encode(text), { transformToString: () => text });
    sdk.on(InvokeCommand).resolves({ FunctionError, Payload });
  };
  beforeEach(() => sdk.reset());

  it('hands the request to the worker and answers what it answers', async () => {
    answers({ releaseId: RELEASE_ID, status: 'waiting' });
    expect(await starter.start(input)).toEqual({ releaseId: RELEASE_ID, status: 'waiting' });
    const { FunctionName, Payload } = sdk.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(FunctionName).toBe('start');
    expect(JSON.parse(String(Payload))).toEqual(input);
  });

  it('throws what a user can act on as the error that the worker threw', async () => {
    answers({ errorType: 'StageNotFound', errorMessage: 'app "shop" has no stage "qa"', trace: [] }, 'Unhandled');
    const error = await starter.start(input).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReleaseError);
    expect(error).toMatchObject({ code: 'StageNotFound', message: 'app "shop" has no stage "qa"' });
  });

  it('throws anything else as a fault of the worker', async () => {
    answers({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 30.00 seconds' }, 'Unhandled');
    await expect(starter.start(input)).rejects.toThrow('start stopped with Sandbox.Timedout: Task timed out');
    await expect(starter.start(input)).rejects.not.toBeInstanceOf(ReleaseError);
  });
});
