import { DeleteParametersCommand, paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import { environmentPath, environmentStampParameter } from '../../core/contracts/stage-environment';
import type { EnvironmentRemover } from '../../ports/environments';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { chunks } from '../clients/chunks';

/**
 * The most that DeleteParameters takes:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
 */
const PER_CALL = 10;

/** The port EnvironmentRemover over SSM parameters. Nothing is decrypted. */
export const ssmEnvironmentRemover = (client: SSMClient): EnvironmentRemover => ({
  remove: (stage) =>
    busyIsThrottled('Systems Manager', async () => {
      const names: string[] = [];
      const Path = environmentPath(stage);
      for await (const page of paginateGetParametersByPath(
        { client },
        { Path, Recursive: true, WithDecryption: false },
      )) {
        names.push(...(page.Parameters ?? []).map(({ Name }) => Name!));
      }
      for (const Names of chunks([...names, environmentStampParameter(stage)], PER_CALL)) {
        await client.send(new DeleteParametersCommand({ Names }));
      }
      return names.length;
    }),
});
