import { GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';

const CHANGES = ['CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'PublishVersion'].map(
  (name) => `${name}Command`,
);

/**
 * Makes a Lambda client patient, for tests that are about something else: a call that changes a function or publishes a
 * version returns when Lambda is done with it.
 * @param wait what to do between two looks; sleeps for a moment by default
 * @returns the client
 */
export function patientLambda(client: LambdaClient, wait: () => unknown = aMoment): LambdaClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        if (CHANGES.includes(commandName ?? '')) {
          const { FunctionName, Version } = result.output as { FunctionName?: string; Version?: string };
          while (await isBusy(client, FunctionName!, Version)) await wait();
        }
        return result;
      },
    { step: 'initialize', name: 'patientLambda' },
  );
  return client;
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

async function isBusy(client: LambdaClient, FunctionName: string, Qualifier?: string): Promise<boolean> {
  // Unlike GetFunctionConfiguration it is not of the 15 calls a second.
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName, Qualifier }));
  return Configuration?.State === 'Pending' || Configuration?.LastUpdateStatus === 'InProgress';
}
