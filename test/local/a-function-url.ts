import { request } from 'node:http';
import { AddPermissionCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Asks a function URL, whose host the local cloud knows. @returns the body of the answer */
export const askFunctionUrl = (endpoint: string, host: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = request(endpoint, { headers: { host } }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

/**
 * Gives everybody the two permissions that the URL of a function needs:
 * docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export async function letEverybodyIn(lambda: LambdaClient, FunctionName: string, Qualifier?: string): Promise<void> {
  const everybody = { FunctionName, Qualifier, Principal: '*' };
  for (const right of [
    { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
  ] as const)
    await lambda.send(
      new AddPermissionCommand({ ...everybody, StatementId: right.Action.replace(':', '-'), ...right }),
    );
}
