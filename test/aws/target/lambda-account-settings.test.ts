import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { lambdaAccountSettings } from '../../../lib/aws/target/lambda-account-settings';

const lambda = mockClient(LambdaClient);
const { read } = lambdaAccountSettings(new LambdaClient({ region: 'eu-central-1' }));
beforeEach(() => lambda.reset());

describe("Lambda's settings of the account", () => {
  it('are how many functions may run, and how much code there may be', async () => {
    lambda.on(GetAccountSettingsCommand).resolves({
      AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900, TotalCodeSize: 80_530_636_800 },
      AccountUsage: { TotalCodeSize: 5_000 },
    });
    expect(await read()).toEqual({ concurrent: 1_000, unreserved: 900, code: { used: 5_000, limit: 80_530_636_800 } });
  });

  it('are not known if nobody may look, and any other error is one', async () => {
    lambda.on(GetAccountSettingsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    expect(await read()).toBeUndefined();
    lambda.on(GetAccountSettingsCommand).rejects(new Error('broken'));
    await expect(read()).rejects.toThrow('broken');
  });
});
