import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { AccountReading } from '../../ports/account-settings';

/** The port AccountReading over Lambda: https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export const lambdaAccountSettings = (client: LambdaClient): AccountReading => ({
  async read() {
    try {
      const { AccountLimit = {}, AccountUsage = {} } = await client.send(new GetAccountSettingsCommand());
      const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = ConcurrentExecutions } = AccountLimit;
      return {
        concurrent: ConcurrentExecutions,
        unreserved: UnreservedConcurrentExecutions,
        code: { used: AccountUsage.TotalCodeSize ?? 0, limit: AccountLimit.TotalCodeSize ?? 0 },
      };
    } catch (error) {
      // An organization's policy may forbid it whatever our role may do; the SDK has no class for it.
      if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
      throw error;
    }
  },
});
