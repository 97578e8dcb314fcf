import { resolveConfig } from '../../lib/config/resolve-config';

interface Options {
  readonly target?: object;
  readonly others?: object;
  readonly github?: object;
  readonly notifications?: readonly object[];
}
const PLATFORM = { account: '111122223333', region: 'eu-central-1' };
const config = (build: object, { target = {}, others = {}, ...rest }: Options = {}) =>
  JSON.stringify({
    ...rest,
    targets: { place: target },
    apps: {
      shop: { repository: { codecommit: 'shop' }, stages: { dev: { target: 'place', build } } },
      ...Object.fromEntries(Object.keys(others).map((app) => [app, { repository: { codecommit: app }, stages: {} }])),
    },
  });
const problems = (...written: Parameters<typeof config>): string => {
  try {
    resolveConfig(config(...written), PLATFORM);
  } catch (error) {
    return (error as Error).message.replaceAll(/^seedbed\.yml(, line \d+)?: /gm, '');
  }
  return '';
};
const BUILD = 'apps.shop.stages.dev.build';

describe('build in seedbed.yml', () => {
  it('grants nothing unless it says so, and has a role in any case', () => {
    const text = JSON.stringify({
      apps: { shop: { repository: { codecommit: 'shop' }, stages: { dev: {}, prod: { build: null } } } },
    });
    const role = (stage: string) => `arn:aws:iam::111122223333:role/seedbed-build-shop_${stage}`;
    expect(resolveConfig(text, PLATFORM).builds).toMatchObject([
      { app: 'shop', stage: 'dev', role: role('dev'), reads: [], policies: [] },
      { app: 'shop', stage: 'prod', role: role('prod'), reads: [], policies: [] },
    ]);
  });

  it('has its role where the stage lives', () => {
    const { builds } = resolveConfig(config({}, { target: { account: '444455556666' } }), PLATFORM);
    expect(builds[0]!.role).toBe('arn:aws:iam::444455556666:role/seedbed-build-shop_dev');
  });

  it('has none where the owner has made the roles, and can grant nothing there', () => {
    const target = { account: '444455556666', deployRoleArn: 'arn:aws:iam::444455556666:role/team-deploys' };
    expect(resolveConfig(config({}, { target }), PLATFORM).builds[0]!.role).toBeUndefined();
    expect(problems({ reads: ['ssm:/shop/*'] }, { target })).toBe(
      `"${BUILD}" needs a role that the platform's stack makes in the target's account, but ` +
        '"targets.place.deployRoleArn" says that its roles are of your own making; remove one of the two',
    );
  });

  describe('a fleet', () => {
    const fleet = 'arn:aws:codebuild:eu-central-1:111122223333:fleet/ours:0a1b';
    const vpc = { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };

    it('is where builds of a stage start, which every release of it knows', () => {
      const { apps, builds } = resolveConfig(config({ compute: 'reserved', fleet }), PLATFORM);
      expect(apps[0]!.stages.dev!.build).toEqual({ compute: 'reserved', fleet });
      expect(builds[0]!.machine).toMatchObject({ compute: 'reserved', fleet });
      expect(resolveConfig(config({ compute: 'lambda' }), PLATFORM).apps[0]!.stages.dev!.build).toEqual({
        compute: 'lambda',
      });
      expect(resolveConfig(config({}), PLATFORM).apps[0]!.stages.dev).not.toHaveProperty('build');
    });

    it.each([
      [{ compute: 'reserved' }, `"${BUILD}.compute" is "reserved", but no fleet is named`],
      [{ fleet }, `"${BUILD}.fleet" is given, but builds run on "compute: medium"`],
      [{ compute: 'lambda', fleet }, `"${BUILD}.fleet" is given, but builds run on "compute: lambda"`],
      [
        { compute: 'reserved', fleet, vpc },
        `"${BUILD}.vpc" is given, but a fleet has the network that it was made with`,
      ],
      [
        { compute: 'reserved', fleet: fleet.replace('eu-central-1', 'us-east-1') },
        `"${BUILD}.fleet" is in us-east-1, but builds run in eu-central-1`,
      ],
      [
        { compute: 'reserved', fleet: fleet.replace('111122223333', '444455556666') },
        `"${BUILD}.fleet" is of account 444455556666, but builds run in 111122223333`,
      ],
      [{ compute: 'reserved', fleet: 'ours' }, 'write the ARN of a fleet'],
      [
        { compute: 'reserved', fleet, image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22' },
        'is for builds on Lambda',
      ],
      [{ compute: 'huge' }, 'small, medium, large, lambda, reserved'],
    ])('is refused where it does not fit: %j', (build, why) => {
      expect(problems(build)).toContain(why);
    });
  });

  it('names the key that was meant', () => {
    expect(problems({ raeds: [] })).toBe(`unknown key "${BUILD}.raeds"; did you mean "reads"?`);
  });

  it('names the kind that was meant', () => {
    expect(problems({ reads: ['sm:/shop/*'] })).toBe(
      `"${BUILD}.reads[0]" is "sm:/shop/*", which is no kind of thing that a build could read; did you mean "ssm"?`,
    );
  });

  it('gives no right over IAM', () => {
    expect(problems({ reads: ['iam:role/x'] })).toBe(
      `"${BUILD}.reads[0]" is "iam:role/x", but builds have no rights over IAM; remove it`,
    );
  });

  it.each([
    ['ssm:/seedbed/env/*', 'ssm:/seedbed/', 'the platform'],
    ['ssm:/see*', 'ssm:/seedbed/', 'the platform'],
    ['ssm:seedbed/*', 'ssm:/seedbed/', 'the platform'],
    ['secretsmanager:seedbed/github', 'secretsmanager:seedbed/', 'the platform'],
    ['s3:seedbed-artifacts1234-abc/bundles/*', 's3:seedbed-artifacts', 'the platform'],
    ['ssm:/shop-admin/prod/key', 'ssm:/shop-admin/', 'app "shop-admin"'],
    ['ssm:/shop*', 'ssm:/shop-admin/', 'app "shop-admin"'],
    ['secretsmanager:shop-admin/*', 'secretsmanager:shop-admin/', 'app "shop-admin"'],
  ])('gives nothing that is not the app’s: %s', (read, begin, owner) => {
    expect(problems({ reads: [read] }, { others: { 'shop-admin': {} } })).toBe(
      `"${BUILD}.reads[0]" is "${read}", but what begins with "${begin}" is of ${owner}, which no build of this app ` +
        'reads; name what is its own, or move what both need to a name of neither',
    );
  });

  it.each([
    ['ssm:/seedbed', 'ssm:/seedbed', 'the platform'],
    ['ssm:seedbed', 'ssm:/seedbed', 'the platform'],
    ['secretsmanager:seedbed', 'secretsmanager:seedbed', 'the platform'],
    ['ssm:/blog', 'ssm:/blog', 'app "blog"'],
    ['ssm:blog', 'ssm:/blog', 'app "blog"'],
    ['secretsmanager:blog', 'secretsmanager:blog', 'app "blog"'],
    ['secretsmanager:blog-*', 'secretsmanager:blog', 'app "blog"'],
    ['secretsmanager:acme/gh', 'secretsmanager:acme/gh', 'the platform'],
    ['secretsmanager:acme/hook', 'secretsmanager:acme/hook', 'the platform'],
    ['secretsmanager:acme/*', 'secretsmanager:acme/gh', 'the platform'],
    ['secretsmanager:acme/h*', 'secretsmanager:acme/hook', 'the platform'],
    ['secretsmanager:acme/hook-*', 'secretsmanager:acme/hook', 'the platform'],
    ['secretsmanager:acme/hook-aB3*', 'secretsmanager:acme/hook', 'the platform'],
  ])('gives nothing that bears a name of the platform’s or another app’s: %s', (read, name, owner) => {
    const options = { others: { blog: {} }, github: { secret: 'acme/gh' }, notifications: [{ webhook: 'acme/hook' }] };
    expect(problems({ reads: [read] }, options)).toBe(
      `"${BUILD}.reads[0]" is "${read}", but "${name}" is of ${owner}, which no build of this app reads; name what is ` +
        'its own, or move what both need to a name of neither',
    );
  });

  it.each([
    'ssm:/shop',
    'ssm:/shop/*',
    'ssm:/shared/*',
    'secretsmanager:shop',
    'secretsmanager:shop/*',
    'secretsmanager:shop-d*',
    'secretsmanager:acme/hook2',
    'secretsmanager:acme/hook-of-others/*',
    'cloudformation',
    's3:settings/*',
  ])('gives %s, beside an app and secrets of a similar name', (read) => {
    const options = { others: { sho: {}, 'shop-admin': {} }, notifications: [{ webhook: 'acme/hook' }] };
    expect(problems({ reads: [read] }, options)).toBe('');
  });

  it.each([
    'arn:aws-other:iam::aws:policy/a',
    'arn:aws:iam::aws:policy//',
    'arn:aws:iam::aws:policy/a/',
    'arn:aws:iam::aws:policy//a',
    'arn:aws:iam::aws:policy/../a',
    'arn:aws:iam::aws:policy/a/..',
    `arn:aws:iam::aws:policy/${'a'.repeat(2048)}`,
  ])('refuses %s, which is the ARN of no policy', (arn) => {
    expect(problems({ policies: [arn] })).toContain('write a list of at most 10 ARNs of policies');
  });

  it.each(['arn:aws-us-gov:iam::aws:policy/service-role/A', 'arn:aws-cn:iam::aws:policy/a.b/c'])('takes %s', (arn) => {
    expect(problems({ policies: [arn] })).toBe('');
  });

  it('takes policies of AWS and of the account where the stage lives, and of no other', () => {
    const target = { account: '444455556666' };
    const policies = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::444455556666:policy/migrations'];
    expect(problems({ policies }, { target })).toBe('');
    expect(problems({ policies: ['arn:aws:iam::777788889999:policy/x'] }, { target })).toBe(
      `"${BUILD}.policies[0]" is a policy of account 777788889999, but the stage lives in account 444455556666; a ` +
        "role takes policies of its own account or AWS's: make it there",
    );
    expect(problems({ policies: ['migrations'] })).toBe(
      `"${BUILD}.policies[0]" is "migrations"; write a list of at most 10 ARNs of policies, such as ` +
        '"[arn:aws:iam::123456789012:policy/migrations]"',
    );
  });

  it('tells the first of a thousand bad reads, and how many more there are', () => {
    const reads = Array.from({ length: 1000 }, (_, index) => `iam:role/${index}`);
    const lines = problems({ reads, architecture: 'mips' }).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[4]).toContain('reads[4]" is "iam:role/4"');
    expect(lines.join('\n')).toContain('"mips", which is no architecture');
    expect(lines.at(-1)).toBe(`"${BUILD}.reads" has 995 more such problems`);
  });

  it('says by how much reads are too many for a policy', () => {
    const reads = Array.from({ length: 150 }, (_, index) => `ssm:/shop/settings-of-the-service/${index}`);
    expect(problems({ reads })).toMatch(/comes to a policy of 1\d{4} characters, and IAM takes 10240; write fewer/);
  });
});

describe('the machine of builds in seedbed.yml', () => {
  const machine = (build: object) => resolveConfig(config(build), PLATFORM).builds[0]!.machine;

  it.each([
    { image: 'aws/codebuild/standard:7.0' },
    { architecture: 'arm64', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
    { architecture: 'arm64', compute: 'lambda', image: 'aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs22' },
    { architecture: 'arm64', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/x86_64:1' },
    { vpc: { id: 'vpc-0123456789abcdef0', subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0a1b2c3d'] } },
  ])('may be %j', (build) => {
    expect(problems(build)).toBe('');
  });

  it('is of a middle size, for the processor that functions have unless they say', () => {
    expect(machine({})).toEqual({ compute: 'medium', docker: false });
  });

  it('is what the stage asks for', () => {
    const build = { architecture: 'arm64', compute: 'large', docker: true, image: 'acme/builds:1' };
    expect(machine(build)).toEqual(build);
  });

  it.each([
    [{ architecture: 'arm46' }, 'architecture" is "arm46", which is no architecture; did you mean "arm64"?'],
    [{ architecture: 'mips' }, 'architecture" is "mips", which is no architecture; use one of: arm64, x86_64'],
    [{ compute: 'larg' }, 'compute" is "larg", which is no size of a machine; did you mean "large"?'],
    [{ compute: 7 }, 'compute" is 7; write one of small, medium, large, lambda'],
    [{ docker: 'yes' }, 'docker" is "yes"; write true or false'],
    [
      { vpc: { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'] } },
      'vpc.securityGroups" is missing; write a list of 1 to 5 ids',
    ],
    [
      { vpc: { id: 'main', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } },
      'vpc.id" is "main"; write the id',
    ],
    [
      { compute: 'lambda', docker: true },
      'docker" is given, but builds on Lambda have no Docker; remove it, or write "compute: small", "medium" or "large"',
    ],
    [
      { compute: 'lambda', vpc: { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } },
      'vpc" is given, but builds on Lambda have no network of your own; remove it',
    ],
    [
      { vpc: { id: 'vpc-1a', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } },
      'vpc.id" is "vpc-1a"; write the id of a VPC, with 8 or 17 digits and letters from a to f',
    ],
    [
      { vpc: { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d4'], securityGroups: ['sg-0a1b2c3d'] } },
      'vpc.subnets[0]" is "subnet-0a1b2c3d4"; write a list of 1 to 16 ids of subnets, with 8 or 17 digits',
    ],
    [
      { image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
      'image" is "aws/codebuild/amazonlinux-aarch64-standard:3.0", which runs on arm64, but builds of the stage run on ' +
        'x86_64; write "architecture: arm64" beside it, or an image for x86_64',
    ],
    [
      { architecture: 'arm64', image: 'aws/codebuild/standard:7.0' },
      'which runs on x86_64, but builds of the stage run on arm64; write "architecture: x86_64" beside it',
    ],
    [
      { compute: 'lambda', image: 'aws/codebuild/standard:7.0' },
      'which is not for builds on Lambda; write "compute: small", "medium" or "large" beside it',
    ],
    [
      { image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22' },
      'which is for builds on Lambda; write "compute: lambda" beside it',
    ],
    [{ image: 'aws/codebuild/windows-base:2022-1.0' }, 'which is not for Linux; write an image that is'],
    [{ architecure: 'arm64' }, 'unknown key "apps.shop.stages.dev.build.architecure"; did you mean "architecture"?'],
  ])('is refused with the key and what to write: %j', (build, message) => {
    expect(problems(build)).toContain(message);
  });
});
