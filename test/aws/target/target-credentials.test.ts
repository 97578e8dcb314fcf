import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { targetCredentials } from '../../../lib/aws/target/target-credentials';
import { aRelease } from '../../builders';

const sts = mockClient(STSClient);
const { target } = aRelease();
const answer = (expiration: number) => ({
  Credentials: { AccessKeyId: 'id', SecretAccessKey: 'key', SessionToken: 'token', Expiration: new Date(expiration) },
});
const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-02T03:04:05.000Z');
const make = () =>
  targetCredentials(new STSClient({ region: 'eu-central-1' }), target, 'seedbed-decide', { now: () => NOW });

describe('targetCredentials', () => {
  beforeEach(() => sts.reset());

  it("assumes the target's deploy role with its external id, named after the worker", async () => {
    sts.on(AssumeRoleCommand).resolves(answer(NOW + HOUR));
    expect(await make()()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' });
    expect(sts.commandCalls(AssumeRoleCommand)[0]!.args[0].input).toEqual({
      RoleArn: target.deployRoleArn,
      ExternalId: target.externalId,
      RoleSessionName: 'seedbed-decide',
    });
  });

  it('asks once for all clients and invocations', async () => {
    sts.on(AssumeRoleCommand).resolves(answer(NOW + HOUR));
    const credentials = make();
    await Promise.all([credentials(), credentials()]);
    await credentials();
    expect(sts.calls()).toHaveLength(1);
  });

  it('asks anew before they expire', async () => {
    sts
      .on(AssumeRoleCommand)
      .resolvesOnce(answer(NOW + 60_000))
      .resolves(answer(NOW + HOUR));
    const credentials = make();
    const { expiration } = await credentials();
    expect(expiration.getTime()).toBeGreaterThan(NOW + 60_000);
    await credentials();
    expect(sts.calls()).toHaveLength(2);
  });

  it('says what to do when the role does not let it in', async () => {
    const refusal = { name: 'AccessDenied', message: 'not authorized', $fault: 'client', $metadata: {} } as const;
    sts.on(AssumeRoleCommand).rejects(new STSServiceException(refusal));
    await expect(make()()).rejects.toMatchObject({
      code: 'TargetAccessDenied',
      message: expect.stringContaining(target.deployRoleArn),
    });
  });

  it('does not keep a failure', async () => {
    sts
      .on(AssumeRoleCommand)
      .rejectsOnce(new Error('not now'))
      .resolves(answer(NOW + HOUR));
    const credentials = make();
    await expect(credentials()).rejects.toThrow('not now');
    expect(await credentials()).toMatchObject({ accessKeyId: 'id' });
  });
});
