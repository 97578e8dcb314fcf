import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { CloneCredential } from '../../core/contracts/clone-credential';
import { parseJson } from '../../core/text/parse-json';
import type { CloneCredentials } from '../../ports/clone-credentials';
import { busyIsThrottled } from '../clients/busy-is-throttled';

/** The port CloneCredentials over SSM parameters, encrypted with the account's own key. */
export function ssmCloneCredentials(client: SSMClient): CloneCredentials {
  return {
    async find(Name) {
      try {
        const { Parameter } = await busyIsThrottled('Systems Manager', () =>
          client.send(new GetParameterCommand({ Name, WithDecryption: true })),
        );
        const result = CloneCredential.safeParse(parseJson(Parameter?.Value ?? ''));
        return result.data;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },

    async store(Name, credential) {
      const Value = JSON.stringify(credential);
      await busyIsThrottled('Systems Manager', () =>
        client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true })),
      );
    },
  };
}
