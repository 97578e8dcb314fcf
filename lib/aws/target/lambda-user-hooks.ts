import {
  InvokeCommand,
  type InvokeCommandOutput,
  type LambdaClient,
  LambdaServiceException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { HookAnswer } from '../../core/shift/judge-hook';
import type { UserHooks } from '../../ports/user-hooks';

/** The port UserHooks over Lambda. `client` must wait as long as a function may run. */
export const lambdaUserHooks = (client: LambdaClient): UserHooks => ({
  call: (hook, event) => callFunction(client, hook, event),
});

/**
 * Invokes a function and waits for its answer.
 * @param client must wait as long as a function may run
 */
export async function callFunction(
  client: LambdaClient,
  { name, qualifier }: { readonly name: string; readonly qualifier?: string },
  event: unknown,
): Promise<HookAnswer> {
  try {
    const input = { FunctionName: name, Qualifier: qualifier, Payload: JSON.stringify(event) };
    return answerOf(await client.send(new InvokeCommand(input)));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { outcome: 'missing' };
    if (error instanceof LambdaServiceException) return { outcome: 'refused', reason: error.message };
    throw error;
  }
}

function answerOf({ FunctionError, Payload }: InvokeCommandOutput): HookAnswer {
  const value = parsed(Payload?.transformToString());
  if (FunctionError === undefined) return { outcome: 'returned', value };
  const { errorType, errorMessage } = (value ?? {}) as {
    readonly errorType?: unknown;
    readonly errorMessage?: unknown;
  };
  return { outcome: 'threw', type: String(errorType ?? FunctionError), message: String(errorMessage ?? 'no message') };
}

/** A function may return nothing; a custom runtime may return what is not JSON. */
function parsed(text: string | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}
