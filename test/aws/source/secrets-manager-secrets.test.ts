import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { secretsManagerSecrets } from '../../../lib/aws/source/secrets-manager-secrets';

describe('secretsManagerSecrets', () => {
  const sdk = mockClient(SecretsManagerClient);
  let now = 0;
  const make = () => secretsManagerSecrets(new SecretsManagerClient({ region: 'eu-west-1' }), () => now);
  beforeEach(() => {
    sdk.reset();
    now = 0;
  });

  it('reads a secret, and again when some minutes have passed', async () => {
    sdk.on(GetSecretValueCommand).resolvesOnce({ SecretString: 'old' }).resolves({ SecretString: 'new' });
    const secrets = make();
    expect([await secrets.read('a'), await secrets.read('a')]).toEqual(['old', 'old']);
    now = 5 * 60_000;
    expect(await secrets.read('a')).toBe('new');
    expect(sdk.commandCalls(GetSecretValueCommand)).toHaveLength(2);
  });

  it('knows that one is not there, and fails when it may not look', async () => {
    sdk.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
    expect(await make().read('a')).toBeUndefined();
    sdk.on(GetSecretValueCommand).rejects(new Error('AccessDenied'));
    await expect(make().read('a')).rejects.toThrow('AccessDenied');
  });
});
