import { BuildRead } from '../../../lib/core/build/build-reads';
import { deniedRights, explainDenied, readFor } from '../../../lib/core/build/denied-rights';

const ROLE = 'seedbed-build-shop_dev';
const by = (role: string) => `User: arn:aws:sts::111122223333:assumed-role/${role}/release-01H is not authorized`;
const BUILD = { app: 'shop', settingsStage: 'dev', service: 'api' };
const at = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;

describe('what a build was refused', () => {
  it('is found in what a command wrote, each right once', () => {
    const line = `Cannot resolve variable at "x": ${by(ROLE)} to perform: ssm:GetParameter on resource: ${at('ssm', 'parameter/shop/key')} because no identity-based policy allows the ssm:GetParameter action`;
    expect(deniedRights(`${line}\n${line}`, ROLE)).toEqual([
      { action: 'ssm:GetParameter', resource: at('ssm', 'parameter/shop/key'), isForGood: false },
    ]);
  });

  it('is not what another identity was refused', () => {
    expect(deniedRights(`${by('migrator')} to perform: ssm:GetParameter on resource: x`, ROLE)).toEqual([]);
  });

  it('names its resource with or without quotes, or not at all', () => {
    const text = [
      `${by(ROLE)} to perform: s3:GetObject on resource: "arn:aws:s3:::settings/x.json" because no policy`,
      `${by(ROLE)} to perform: sts:GetServiceBearerToken`,
    ].join('\n');
    expect(deniedRights(text, ROLE).map(({ resource }) => resource)).toEqual(['arn:aws:s3:::settings/x.json', '*']);
  });

  it('stays refused if the boundary of all builds denies it', () => {
    const text = `${by(ROLE)} to perform: iam:PassRole on resource: x with an explicit deny in a permissions boundary`;
    expect(deniedRights(text, ROLE)).toEqual([{ action: 'iam:PassRole', resource: 'x', isForGood: true }]);
    expect(explainDenied(BUILD, deniedRights(text, ROLE))).toContain('no build is ever allowed iam:PassRole there');
  });

  it('takes no time with a million characters', () => {
    const text = `${by(ROLE)} to perform: ssm:GetParameter on resource: ${'x'.repeat(1_000_000)}`;
    const started = process.cpuUsage();
    deniedRights(text.repeat(2), ROLE);
    deniedRights('User: arn:aws:sts::111122223333:assumed-role/'.repeat(25_000), ROLE);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });
});

describe('the line that grants it', () => {
  it.each([
    ['ssm:GetParameter', at('ssm', 'parameter/shop/dev/key'), 'ssm:/shop/dev/key'],
    ['ssm:GetParametersByPath', at('ssm', 'parameter/shop/dev'), 'ssm:/shop/dev/*'],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:shop/db-AbCdEf'), 'secretsmanager:shop/db'],
    ['secretsmanager:GetSecretValue', 'shop/db-master', 'secretsmanager:shop/db-master'],
    ['s3:GetObject', 'arn:aws:s3:::settings/a/b.json', 's3:settings/a/b.json'],
    ['s3:ListBucket', 'arn:aws:s3:::settings', 's3:settings/*'],
    ['cloudformation:DescribeStacks', at('cloudformation', 'stack/net-dev/*'), 'cloudformation:net-dev'],
    ['cloudformation:ListExports', '*', 'cloudformation'],
    ['codeartifact:GetAuthorizationToken', at('codeartifact', 'domain/acme'), 'codeartifact:acme/*'],
    ['codeartifact:ReadFromRepository', at('codeartifact', 'repository/acme/npm'), 'codeartifact:acme/npm'],
  ])('for %s on %s is %s', (action, resource, read) => {
    expect(readFor(action, resource)).toBe(read);
    expect(BuildRead.parse(read)).toBe(read);
  });

  it.each([
    ['ssm:PutParameter', at('ssm', 'parameter/shop/key')],
    ['dynamodb:PutItem', at('dynamodb', 'table/shop')],
    ['s3:PutObject', 'arn:aws:s3:::settings/x'],
    ['cloudformation:UpdateStack', at('cloudformation', 'stack/net/*')],
  ])('for %s is none: that is not reading', (action, resource) => {
    expect(readFor(action, resource)).toBeUndefined();
  });

  it('names app and stage, all that is to be added, and what takes a policy', () => {
    const denied = [
      { action: 'ssm:GetParameter', resource: at('ssm', 'parameter/shop/dev/key'), isForGood: false },
      { action: 'cloudformation:DescribeStacks', resource: at('cloudformation', 'stack/net-dev/*'), isForGood: false },
      { action: 'dynamodb:PutItem', resource: at('dynamodb', 'table/shop'), isForGood: false },
    ];
    expect(explainDenied(BUILD, denied).split('\n')).toEqual([
      'service "api" asked for what builds of stage "dev" may not do:',
      `  ssm:GetParameter on ${at('ssm', 'parameter/shop/dev/key')}`,
      `  cloudformation:DescribeStacks on ${at('cloudformation', 'stack/net-dev/*')}`,
      `  dynamodb:PutItem on ${at('dynamodb', 'table/shop')}`,
      'to allow it, add this to "apps.shop.stages.dev.build" in seedbed.yml and deploy the platform:',
      "  reads: ['ssm:/shop/dev/key', 'cloudformation:net-dev']",
      'to allow dynamodb:PutItem, add the ARN of a policy that does to "apps.shop.stages.dev.build.policies" in seedbed.yml',
    ]);
  });

  it('is an example where the error does not name what was to be read', () => {
    const text = explainDenied(BUILD, [{ action: 'secretsmanager:GetSecretValue', resource: '*', isForGood: false }]);
    expect(text.split('\n').at(-1)).toBe(
      'to allow what has no name here, add what is to be read to "apps.shop.stages.dev.build.reads" in seedbed.yml, ' +
        "like 'secretsmanager:shop/database'",
    );
  });

  it('says that it is wide where the error names no stack, and only there', () => {
    const linesFor = (action: string) =>
      explainDenied(BUILD, [{ action, resource: '*', isForGood: false }]).split('\n');
    expect(linesFor('cloudformation:DescribeStacks').slice(-2)).toEqual([
      "  reads: ['cloudformation']",
      "  cloudformation is all stacks: the error names none; if you know which it is, write 'cloudformation:shop-network-*'",
    ]);
    expect(linesFor('cloudformation:ListExports').at(-1)).toBe("  reads: ['cloudformation']");
  });

  it("is none for what is the platform's own", () => {
    const resource = at('ssm', 'parameter/seedbed/env/shop/prod/KEY');
    const text = explainDenied(BUILD, [{ action: 'ssm:GetParameter', resource, isForGood: false }]);
    expect(text).toContain('no build is ever allowed ssm:GetParameter there');
    expect(text).not.toContain('reads:');
  });
});
