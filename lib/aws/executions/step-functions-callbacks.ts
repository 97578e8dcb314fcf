import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { boundText } from '../../core/text/bound-text';
import type { Callbacks, Told } from '../../ports/callbacks';

/**
 * The port Callbacks over task tokens:
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
export const stepFunctionsCallbacks = (client: SFNClient): Callbacks => ({
  succeed: (token, output) =>
    tell(() => client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }))),

  // The cause has the form that Lambda gives to what a function throws.
  fail: (token, { name, message }) =>
    tell(() => {
      const cause = JSON.stringify({ errorType: name, errorMessage: boundText(message, LONGEST_MESSAGE) });
      return client.send(new SendTaskFailureCommand({ taskToken: token, error: name, cause }));
    }),

  beat: (token) => tell(() => client.send(new SendTaskHeartbeatCommand({ taskToken: token }))),
});

/**
 * A cause has at most 32,768 characters, of which JSON may make two of one:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
 */
const LONGEST_MESSAGE = 15_000;

async function tell(call: () => Promise<unknown>): Promise<Told> {
  try {
    await call();
    return 'told';
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
      return 'gone';
    throw error;
  }
}
