import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ssmCloneCredentials } from '../../../lib/aws/parameters/ssm-clone-credentials';

describe('ssmCloneCredentials', () => {
  const sdk = mockClient(SSMClient);
  const credentials = () => ssmCloneCredentials(new SSMClient({ region: 'eu-west-1' }));
  beforeEach(() => sdk.reset());
  const credential = { repository: 'acme/shop', url: 'https://x', token: 'ghs_1', from: 'a', until: 'b' };

  it('keeps them encrypted', async () => {
    await credentials().store('/seedbed/clone/shop/dev', credential);
    expect(sdk.commandCalls(PutParameterCommand)[0]!.args[0].input).toMatchObject({
      Name: '/seedbed/clone/shop/dev',
      Type: 'SecureString',
      Overwrite: true,
    });
  });

  it.each(['', 'no JSON', '{"token": 1}'])('takes %j for none', async (Value) => {
    sdk.on(GetParameterCommand).resolves({ Parameter: { Value } });
    expect(await credentials().find('/seedbed/clone/shop/dev')).toBeUndefined();
  });

  it('leaves it to the state machine to try again when another worker stores at the same moment', async () => {
    sdk.on(PutParameterCommand).rejects(Object.assign(new Error('concurrent updates'), { name: 'TooManyUpdates' }));
    await expect(credentials().store('/seedbed/clone/shop/dev', credential)).rejects.toMatchObject({
      code: 'Throttled',
    });
  });
});
