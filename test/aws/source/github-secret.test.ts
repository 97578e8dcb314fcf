import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { gitHubSecret, gitHubSecretReader } from '../../../lib/aws/source/github-secret';

describe('gitHubSecretReader', () => {
  const sdk = mockClient(SecretsManagerClient);
  beforeEach(() => sdk.reset());
  const secret = { token: 'github_pat_1', webhookSecrets: ['0123456789abcdef'] };
  const stored = (value: unknown) =>
    sdk.on(GetSecretValueCommand).resolves({ SecretString: typeof value === 'string' ? value : JSON.stringify(value) });
  const reader = (now?: () => number) =>
    gitHubSecretReader(new SecretsManagerClient({ region: 'eu-west-1' }), 'a/b', now);

  it('reads the secret of this name', async () => {
    stored(secret);
    expect(await reader()()).toEqual(secret);
    expect(sdk.commandCalls(GetSecretValueCommand)[0]!.args[0].input).toEqual({ SecretId: 'a/b' });
  });

  it('keeps it for five minutes', async () => {
    let now = 0;
    stored(secret);
    const read = reader(() => now);
    const first = await read();
    now = 299_000;
    expect(await read()).toBe(first);
    expect(sdk.calls()).toHaveLength(1);
    now = 301_000;
    expect(await read()).toBe(first);
    expect(sdk.calls()).toHaveLength(2);
  });

  it('reads it again if asked to', async () => {
    stored(secret);
    const read = reader();
    await read();
    stored({ ...secret, token: 'github_pat_2' });
    expect(await read(true)).toMatchObject({ token: 'github_pat_2' });
    expect(await read()).toMatchObject({ token: 'github_pat_2' });
  });

  it('is read once for all who need it at the same time', async () => {
    stored(secret);
    const read = reader();
    const [first, second] = await Promise.all([read(), read()]);
    expect(second).toBe(first);
    expect(sdk.calls()).toHaveLength(1);
  });

  it('is read again for who must not have what is being read', async () => {
    stored(secret);
    const read = reader();
    await Promise.all([read(), read(true)]);
    expect(sdk.calls()).toHaveLength(2);
  });

  it('does not keep a failure', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    sdk
      .on(GetSecretValueCommand)
      .rejectsOnce(denied)
      .resolves({ SecretString: JSON.stringify(secret) });
    const read = reader();
    await expect(Promise.all([read(), read()])).rejects.toMatchObject({ code: 'SecretMissing' });
    expect(await read()).toEqual(secret);
  });

  it('is one reader for all of a worker', () => {
    expect(gitHubSecret('a/b')).toBe(gitHubSecret('a/b'));
    expect(gitHubSecret('a/c')).not.toBe(gitHubSecret('a/b'));
  });

  it.each([
    ['is missing', new ResourceNotFoundException({ message: 'no', $metadata: {} }), /"a\/b".*it does not exist/],
    ['may not be read', Object.assign(new Error('no'), { name: 'AccessDeniedException' }), /"a\/b".*access is denied/],
  ])('says what to do if it %s', async (_, error, message) => {
    sdk.on(GetSecretValueCommand).rejects(error);
    await expect(reader()()).rejects.toMatchObject({
      code: 'SecretMissing',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['no JSON', 'ghp_topsecret', /does not have the right form; store JSON/],
    ['the token under another key', { ghp_topsecret: 1 }, /look at webhookSecrets/],
    ['a short webhook secret', { token: 'ghp_topsecret', webhookSecrets: ['topsecret'] }, /look at webhookSecrets.0/],
    [
      'both an App and a token',
      { ...secret, token: 'topsecret', app: { id: 1, privateKey: '-----BEGIN topsecret' } },
      /does not have the right form/,
    ],
    [
      'a key that is none',
      { app: { id: 1, privateKey: 'topsecret' }, webhookSecrets: ['topsecret'] },
      /app.privateKey/,
    ],
  ])('says where it is wrong, and nothing of its value: %s', async (_, value, message) => {
    stored(value);
    const error = await reader()().catch((one) => one);
    expect(error).toMatchObject({ code: 'SecretMissing', message: expect.stringMatching(message) });
    expect(`${error.message} ${JSON.stringify(error)} ${error.cause}`).not.toContain('topsecret');
  });
});
