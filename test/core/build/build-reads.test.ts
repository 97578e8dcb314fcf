import fc from 'fast-check';
import { BuildRead, parseRead } from '../../../lib/core/build/build-reads';
import { policySize, readStatements } from '../../../lib/core/build/read-statements';

const PLACE = { partition: 'aws', account: '111122223333', region: 'eu-central-1' };
const allowed = (...reads: string[]) =>
  readStatements(reads, PLACE).map(({ actions, resources }) => [actions[0], ...resources]);
const problem = (read: unknown) => BuildRead.safeParse(read).error?.issues[0]?.message;

describe('what builds may read', () => {
  it.each([
    'ssm:/shop/prod/key',
    'ssm:/shop/prod/*',
    'ssm:key',
    'ssm:/aws/service/ami/*',
    'secretsmanager:shop/database',
    'secretsmanager:shop/*',
    's3:shop-settings/prod/*',
    's3:shop-settings/prod/settings.json',
    's3:shop-settings/*',
    's3:shop-settings/Größe/(1)-[a]:b,c;d=e&f@g+h!#%<>|~^`_.txt',
    'cloudformation',
    'cloudformation:shop-network-*',
    'codeartifact:acme/npm',
    'codeartifact:acme/*',
  ])('is written %s', (read) => {
    expect(BuildRead.parse(read)).toBe(read);
  });

  it.each([
    ['iam:*', ', but builds have no rights over IAM; remove it'],
    ['smm:/shop/*', ', which is no kind of thing that a build could read; did you mean "ssm"?'],
    ['secretmanager:x', ', which is no kind of thing that a build could read; did you mean "secretsmanager"?'],
    ['ssm:*', ', which names nothing that a build could read; write it like "ssm:/shop/prod/*"'],
    ['ssm:/*', ', which names nothing that a build could read; write it like "ssm:/shop/prod/*"'],
    ['ssm:/shop/*/key', ', which names nothing that a build could read; write it like "ssm:/shop/prod/*"'],
    ['s3:settings', ', which names nothing that a build could read; write it like "s3:shop-settings/prod/*"'],
    ['s3:*/x', ', which names nothing that a build could read; write it like "s3:shop-settings/prod/*"'],
    [
      's3:settings/${aws:username}',
      ', which names nothing that a build could read; write it like "s3:shop-settings/prod/*"',
    ],
    ['s3:settings/日本', ', which names nothing that a build could read; write it like "s3:shop-settings/prod/*"'],
    ['s3:settings/a\u0001b', ', which names nothing that a build could read; write it like "s3:shop-settings/prod/*"'],
    ['cloudformation:*', ', but all stacks are written without a name; write "cloudformation"'],
    ['secretsmanager:*', ', which names nothing that a build could read; write it like "secretsmanager:shop/database"'],
    [7, 'write what builds may read, such as "ssm:/shop/prod/*"'],
  ])('is never %j', (read, message) => {
    expect(problem(read)).toBe(message);
  });

  it('is granted for names below a path, and for listing the path', () => {
    const parameter = (name: string) => `arn:aws:ssm:eu-central-1:111122223333:parameter/${name}`;
    expect(readStatements(['ssm:/shop/prod/*', 'ssm:key'], PLACE).slice(0, 3)).toEqual([
      { actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: [parameter('key')] },
      {
        actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
        resources: [parameter('shop/prod/*')],
      },
      { actions: ['ssm:GetParametersByPath'], resources: [parameter('shop/prod')] },
    ]);
  });

  it('lists nothing below a parameter that is granted by its whole name', () => {
    for (const read of ['ssm:/shop', 'ssm:shop', 'ssm:/shop/prod/key'])
      expect(readStatements([read], PLACE).flatMap(({ actions }) => actions)).not.toContain('ssm:GetParametersByPath');
  });

  it('is a secret of one name, whatever Secrets Manager adds to it', () => {
    expect(allowed('secretsmanager:shop/database')[0]).toEqual([
      'secretsmanager:DescribeSecret',
      'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/database-??????',
    ]);
  });

  it('is objects of buckets of its own account, and a list of their prefix alone', () => {
    expect(readStatements(['s3:settings/prod/*'], PLACE).slice(0, 2)).toEqual([
      {
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resources: ['arn:aws:s3:::settings/prod/*'],
        conditions: { StringEquals: { 'aws:ResourceAccount': ['111122223333'] } },
      },
      {
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::settings'],
        conditions: {
          StringEquals: { 'aws:ResourceAccount': ['111122223333'] },
          StringLike: { 's3:prefix': ['prod/*'] },
        },
      },
    ]);
  });

  it('is decrypted through the service that keeps it, and through no other', () => {
    expect(readStatements(['ssm:/a/b', 's3:settings/x'], PLACE).at(-1)).toMatchObject({
      actions: ['kms:Decrypt'],
      conditions: {
        StringEquals: { 'kms:ViaService': ['ssm.eu-central-1.amazonaws.com', 's3.eu-central-1.amazonaws.com'] },
      },
    });
    expect(allowed('cloudformation').flat()).not.toContain('kms:Decrypt');
  });

  it('is outputs of the stacks that are named; exports only with all stacks', () => {
    expect(allowed('cloudformation:net-*')).toEqual([
      ['cloudformation:DescribeStackResource', 'arn:aws:cloudformation:eu-central-1:111122223333:stack/net-*/*'],
    ]);
    expect(allowed('cloudformation')).toEqual([
      ['cloudformation:DescribeStackResource', 'arn:aws:cloudformation:eu-central-1:111122223333:stack/*/*'],
      ['cloudformation:ListExports', '*'],
    ]);
  });

  it('is packages of a repository, with the token of its domain', () => {
    expect(allowed('codeartifact:acme/npm')).toEqual([
      ['codeartifact:GetAuthorizationToken', 'arn:aws:codeartifact:eu-central-1:111122223333:domain/acme'],
      ['codeartifact:GetRepositoryEndpoint', 'arn:aws:codeartifact:eu-central-1:111122223333:repository/acme/npm'],
      ['sts:GetServiceBearerToken', '*'],
    ]);
  });

  it('is nothing where nothing is written', () => {
    expect(readStatements([], PLACE)).toEqual([]);
    expect(policySize([])).toBeLessThan(60);
  });

  it('never grants more than reading, and never everything of a service but stacks', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9/.-]{0,30}\*?$/);
    const kind = fc.constantFrom('ssm:/', 'ssm:', 'secretsmanager:', 's3:', 'cloudformation:', 'codeartifact:', 'iam:');
    fc.assert(
      fc.property(kind, name, (prefix, rest) => {
        const read = `${prefix}${rest}`;
        if (!BuildRead.safeParse(read).success) return;
        expect(parseRead(read).name).not.toContain('*');
        for (const { actions, resources } of readStatements([read], PLACE)) {
          for (const action of actions) expect(action).toMatch(/:(Get|Describe|List|Read|Decrypt)/);
          for (const resource of resources) expect(resource).not.toMatch(/:(parameter|secret|s3::)[:/]?\*$/);
        }
      }),
    );
  });
});
