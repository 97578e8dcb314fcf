import { GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';

const CHANGES = ['CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'PublishVersion'].map(
  (name) => `${name}Command`,
);

/**
 * Makes a Lambda client patient, for tests that are about something else: a call that changes a function or publishes a
 * version returns when Lambda is done with it, and one with a role that has just been made is tried again.
 * @param wait what to do between two looks; sleeps for a moment by default
 * @returns the client
 */
export function patientLambda(client: LambdaClient, wait: () => unknown = aMoment): LambdaClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (!CHANGES.includes(commandName ?? '')) return next(args);
        let result = await next(args).catch(unlessRoleIsNew);
        while (!result) {
          await wait();
          result = await next(args).catch(unlessRoleIsNew);
        }
        const { FunctionName, Version } = result.output as { FunctionName?: string; Version?: string };
        // Also where the version is an old one, of which nothing is waited for.
        for (const qualifier of new Set([Version, '$LATEST']))
          while (await isBusy(client, FunctionName!, qualifier)) await wait();
        return result;
      },
    { step: 'initialize', name: 'patientLambda' },
  );
  return client;
}

function unlessRoleIsNew(error: Error): undefined {
  if (!error.message.includes('cannot be assumed by Lambda')) throw error;
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

async function isBusy(client: LambdaClient, FunctionName: string, Qualifier?: string): Promise<boolean> {
  // Unlike GetFunctionConfiguration it is not of the 15 calls a second.
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName, Qualifier }));
  return Configuration?.State === 'Pending' || Configuration?.LastUpdateStatus === 'InProgress';
}
