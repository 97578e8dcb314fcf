import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** What this hook uses of what it gets. */
interface HookEvent {
  /** ARN of the version under test. */
  readonly versionArn: string;
}

const lambda = new LambdaClient();
const LIST = { httpMethod: 'GET', path: '/products' };

/** Asks a new version of `list` what customers ask, before it gets any of them. What is thrown here stops the shift. */
export const handler = async ({ versionArn }: HookEvent): Promise<void> => {
  const invoke = new InvokeCommand({ FunctionName: versionArn, Payload: JSON.stringify(LIST) });
  const { FunctionError, Payload } = await lambda.send(invoke);
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${versionArn} threw: ${answer}`);
  const { statusCode, body = '' } = JSON.parse(answer);
  if (statusCode !== 200 || !body.includes('"headline"')) throw new Error(`${versionArn} answered ${answer}`);
};
