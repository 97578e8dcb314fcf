import { resolveConfig } from '../../lib/config/resolve-config';
import { AppConfig } from '../../lib/core/contracts/app-config';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { NO_STAGE_SHIFT } from '../../lib/core/contracts/settings';
import { readStoredApp, storeApp } from '../../lib/core/contracts/stored-app';

const PLATFORM = { account: '123456789012', region: 'eu-central-1' };
const read = (text: string) => resolveConfig(text, PLATFORM);
const problems = (text: string): string[] => {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ReleaseError);
    expect(error).toMatchObject({ code: 'ConfigInvalid' });
    return (error as Error).message.split('\n');
  }
  throw new Error('the configuration was accepted');
};
/** An app `shop` with the given stages, each on a line of its own from line 5 on. */
const stages = (...lines: string[]): string =>
  [
    'apps:',
    '  shop:',
    '    repository: { codecommit: shop }',
    '    stages:',
    ...lines.map((line) => `      ${line}`),
  ].join('\n');

describe('seedbed.yml', () => {
  it('fills in everything that is left out', () => {
    const target = {
      account: '123456789012',
      region: 'eu-central-1',
      deployRoleArn: 'arn:aws:iam::123456789012:role/seedbed-deploy',
      executionRoleArn: 'arn:aws:iam::123456789012:role/seedbed-cloudformation',
      codeDeployRoleArn: 'arn:aws:iam::123456789012:role/seedbed-codedeploy',
      permissionsBoundary: 'arn:aws:iam::123456789012:policy/seedbed-boundary',
      externalId: 'seedbed',
    };
    const config = read(stages('dev: { branches: [main, feature/*] }', 'prod:'));
    expect(config).toEqual({
      externalId: 'seedbed',
      alarms: {},
      github: { apiUrl: 'https://api.github.com', secret: 'seedbed/github' },
      webhook: { rate: 500 },
      executions: [],
      furtherStacks: {},
      notifications: [],
      builds: ['dev', 'prod'].map((stage) => ({
        app: 'shop',
        stage,
        target,
        role: `arn:aws:iam::123456789012:role/seedbed-build-shop_${stage}`,
        reads: [],
        policies: [],
        machine: { compute: 'medium', docker: false },
      })),
      apps: [
        {
          app: 'shop',
          repository: { provider: 'codecommit', name: 'shop' },
          stages: {
            dev: { branches: ['main', 'feature/*'], tags: [], target, shift: NO_STAGE_SHIFT },
            prod: { branches: [], tags: [], target, shift: NO_STAGE_SHIFT },
          },
          branchStages: [],
        },
      ],
    });
    expect(AppConfig.parse(config.apps[0])).toEqual(config.apps[0]);
  });

  it.each(['', '# nothing yet', 'apps:', 'apps: {}', 'targets:\n  default:\napps:'])(
    'may connect no app: %j',
    (text) => {
      expect(read(text).apps).toEqual([]);
    },
  );

  it('puts a stage where its target says', () => {
    const text = `${stages('dev: { target: default }', 'prod: { target: production }')}
targets:
  production:
    account: 210987654321
    executionRoleArn: arn:aws:iam::210987654321:role/platform/narrow
    codeDeployRoleArn: arn:aws:iam::210987654321:role/platform/shifts
externalId: shop-floor
`;
    const [app] = read(text).apps;
    expect(app!.stages.prod!.target).toEqual({
      account: '210987654321',
      region: 'eu-central-1',
      deployRoleArn: 'arn:aws:iam::210987654321:role/seedbed-deploy',
      executionRoleArn: 'arn:aws:iam::210987654321:role/platform/narrow',
      codeDeployRoleArn: 'arn:aws:iam::210987654321:role/platform/shifts',
      externalId: 'shop-floor',
    });
    expect(app!.stages.dev!.target).toMatchObject({ account: '123456789012', externalId: 'shop-floor' });
  });

  it('can be resolved before account and region are known', () => {
    const tokens = { account: '${Token[AWS.AccountId.0]}', region: '${Token[AWS.Region.1]}', partition: 'aws-cn' };
    const [app] = resolveConfig(stages('dev:'), tokens).apps;
    expect(app!.stages.dev!.target).toMatchObject({
      account: tokens.account,
      region: tokens.region,
      deployRoleArn: 'arn:aws-cn:iam::${Token[AWS.AccountId.0]}:role/seedbed-deploy',
    });
    const elsewhere = `targets: { default: { region: eu-west-1 } }`;
    expect(() => resolveConfig(elsewhere, tokens)).toThrow(/the platform's own region is not known here/);
  });

  it.each<[string, string, string]>([
    ['YAML that is none', 'apps: [', 'seedbed.yml, line 1'],
    [
      'a list',
      '- apps',
      'seedbed.yml: the file holds ["apps"]; write its keys: externalId, targets, github, apps, notifications, alarms, stateTable',
    ],
    ['an unknown key', 'app: {}', 'seedbed.yml, line 1: unknown key "app"; did you mean "apps"?'],
    [
      'an unknown key of a stage',
      stages('dev: { branchs: [main] }'),
      'seedbed.yml, line 5: unknown key "apps.shop.stages.dev.branchs"; did you mean "branches"?',
    ],
    [
      'an unknown key that resembles none',
      stages('dev: { when: [main] }'),
      'seedbed.yml, line 5: unknown key "apps.shop.stages.dev.when"; known keys: branches, tags, tagOrder, target, build, keepReleases, ' +
        'shift, protect, adopt, replace, functions',
    ],
    [
      'a stage with a bad name',
      stages('Dev: { branches: [main] }'),
      'seedbed.yml, line 5: "apps.shop.stages.Dev" is not a valid name; use lower-case letters, digits and "-", ' +
        'starting with a letter, at most 32 characters',
    ],
    [
      'branches that are no list',
      stages('dev: { branches: main }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches" is "main"; write a list of branch names or globs, ' +
        'such as "[main]"; put what looks like a number in quotes',
    ],
    [
      'a branch that YAML takes for a number',
      stages('dev: { branches: [1.0] }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches[0]" is 1; write a list of branch names or globs, such ' +
        'as "[main]"; put what looks like a number in quotes',
    ],
    [
      'an app without a repository',
      'apps:\n  shop:\n    stages: {}',
      'seedbed.yml, line 2: "apps.shop.repository" is missing; write where the repository is, such as "{ ' +
        'codecommit: shop }" or "{ github: acme/shop }"',
    ],
    [
      'a repository that is only a name',
      'apps:\n  shop:\n    repository: shop\n    stages: {}',
      'seedbed.yml, line 3: "apps.shop.repository" is "shop"; write where the repository is, such as "{ ' +
        'codecommit: shop }" or "{ github: acme/shop }"',
    ],
    [
      'an account that is none',
      'targets:\n  default:\n    account: 12',
      'seedbed.yml, line 3: "targets.default.account" is 12; write the 12 digits of an account id in quotes',
    ],
    [
      'a role that is no ARN',
      'targets:\n  default:\n    deployRoleArn: admin',
      'seedbed.yml, line 3: "targets.default.deployRoleArn" is "admin"; write the ARN of a role, such as ' +
        'arn:aws:iam::123456789012:role/seedbed-deploy',
    ],
    [
      'a target that is not there',
      stages('dev: { target: prod }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.target" is "prod", which is not a target; add it to "targets", ' +
        'or use one of: default',
    ],
    [
      'a misspelt target',
      `${stages('dev: { target: prd }')}\ntargets: { prod: {} }`,
      'seedbed.yml, line 5: "apps.shop.stages.dev.target" is "prd", which is not a target; did you mean "prod"?',
    ],
    [
      'a target with the name of what every object has',
      stages('dev: { target: constructor }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.target" is "constructor", which is not a target; add it to ' +
        '"targets", or use one of: default',
    ],
    [
      'another region than the platform’s',
      'targets:\n  us: { region: us-east-1 }',
      'seedbed.yml, line 2: "targets.us.region" is "us-east-1", but the platform is in "eu-central-1"; a target ' +
        'in another region is not supported yet: remove the key, or install a platform there',
    ],
    [
      'a role of another account',
      'targets:\n  us:\n    account: "210987654321"\n    deployRoleArn: arn:aws:iam::123456789012:role/x',
      'seedbed.yml, line 4: "targets.us.deployRoleArn" is a role of account 123456789012, but the target\'s ' +
        'account is 210987654321; correct one of the two',
    ],
    [
      'a full reference for a branch',
      stages('dev: { branches: [refs/heads/main] }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches[0]" is "refs/heads/main", a full reference; write the ' +
        'branch alone: "main"',
    ],
    [
      'a branch that cannot be',
      stages('dev: { branches: ["my branch"] }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches[0]" is "my branch", which no branch can be called; ' +
        'correct it',
    ],
    [
      'a glob that cannot be',
      stages('dev: { branches: ["release-[0-9"] }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches[0]" is "release-[0-9", which is not a valid glob; ' +
        'close its brackets, or put "[" and "]" around a bracket that is meant as such',
    ],
    [
      'one branch in two stages',
      stages('dev: { branches: [main] }', 'prod: { branches: [release, main] }'),
      'seedbed.yml, line 6: "apps.shop.stages.prod.branches[1]" is "main", but branch "main" deploys to stage ' +
        '"dev" already; remove it from one of the two',
    ],
    [
      'a glob that covers another stage’s branch',
      stages('dev: { branches: ["*"] }', 'prod: { branches: [main] }'),
      'seedbed.yml, line 5: "apps.shop.stages.dev.branches[0]" is "*", but branch "main" deploys to stage "prod" ' +
        'already; leave it out with "!(main)", or remove one of the two',
    ],
  ])('refuses %s', (_, text, message) => {
    const [first, ...more] = problems(text);
    expect(more).toEqual([]);
    if (message.endsWith('line 1')) expect(first).toMatch(/^seedbed\.yml, line 1, column \d+: not valid YAML/);
    else expect(first).toBe(message);
  });

  it('refuses one repository in two apps', () => {
    const text = `${stages('dev:')}\n  store:\n    repository: { codecommit: shop }\n    stages: {}`;
    expect(problems(text)).toEqual([
      'seedbed.yml, line 7: "apps.store.repository.codecommit" is "shop", the repository of app "shop" already; ' +
        'one app has all services of a repository: remove one of the two',
    ]);
  });

  it('refuses one GitHub repository in two apps, however its name is written', () => {
    const app = (name: string, repository: string) => `  ${name}:\n    repository: ${repository}\n    stages: {}\n`;
    const text = `apps:\n${app('a', '{ github: Acme/Shop }')}${app('b', '{ github: acme/shop }')}${app('c', '{ codecommit: shop }')}`;
    expect(problems(text)).toEqual([
      'seedbed.yml, line 6: "apps.b.repository.github" is "acme/shop", the repository of app "a" already; one ' +
        'app has all services of a repository: remove one of the two',
    ]);
  });

  it('lets a stage take all branches but another stage’s', () => {
    const [app] = read(stages('dev: { branches: ["!(main)"] }', 'prod: { branches: [main] }')).apps;
    expect(Object.keys(app!.stages)).toEqual(['dev', 'prod']);
  });

  describe('what the owner says of the stacks of a stage', () => {
    const guardOf = (written: string) => read(stages(`prod: { ${written} }`)).apps[0]!.stages.prod!.guard;

    it('names those that may be taken over', () => {
      expect(guardOf('adopt: [orders-prod, Legacy]')).toMatchObject({ adopt: ['orders-prod', 'Legacy'] });
      expect(guardOf('')).toBeUndefined();
    });

    it.each([
      ['', false],
      ['shift: AllAtOnce', false],
      ['shift: Canary10Percent5Minutes', true],
      ['shift: { linear: { percent: 20, minutes: 2 }, mustBeGradual: true }', true],
      ['shift: Canary10Percent5Minutes, protect: nothing', false],
      ['protect: stateful', true],
    ])('protects what holds data where shifts are to be careful, unless it says otherwise: %j', (written, protect) => {
      expect(guardOf(written)?.protect ?? false).toBe(protect);
    });

    it('names what may be removed or replaced all the same', () => {
      expect(guardOf('replace: [orders-prod/OrdersTable]')).toMatchObject({ replace: ['orders-prod/OrdersTable'] });
      expect(guardOf('replace: [a-prod/Storage/Orders]')).toMatchObject({ replace: ['a-prod/Storage/Orders'] });
    });

    it.each([
      [
        'protect: all',
        '"apps.shop.stages.prod.protect" is "all", which is no word for it; use one of: stateful, nothing',
      ],
      [
        'replace: [OrdersTable]',
        '"apps.shop.stages.prod.replace[0]" is "OrdersTable"; write a list of stacks with logical ids, such as ' +
          '"[orders-prod/OrdersTable]"',
      ],
      [
        'adopt: true',
        '"apps.shop.stages.prod.adopt" is true; write a list of names of stacks, such as "[orders-prod]"',
      ],
      [
        'adopt: [orders*]',
        '"apps.shop.stages.prod.adopt[0]" is "orders*"; write a list of names of stacks, such as "[orders-prod]"',
      ],
    ])('is refused as %j, with its line', (written, message) => {
      expect(problems(stages('dev:', `prod: { ${written} }`))).toEqual([`seedbed.yml, line 6: ${message}`]);
    });
  });

  describe('what a stage demands of every shift', () => {
    const shiftOf = (written: string) => read(stages(`prod: { shift: ${written} }`)).apps[0]!.stages.prod!.shift;

    it.each([
      ['Canary10Percent5Minutes', { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: false }],
      ['{ type: CodeDeployDefault.LambdaAllAtOnce }', NO_STAGE_SHIFT],
      ['{ mustBeGradual: false }', NO_STAGE_SHIFT],
      ['', NO_STAGE_SHIFT],
      [
        '{ linear: { percent: 20, minutes: 2 }, mustBeGradual: true }',
        { shift: { kind: 'linear', percent: 20, minutes: 2 }, mustBeGradual: true },
      ],
    ])('may be written as %j', (written, shift) => {
      expect(shiftOf(written)).toEqual(shift);
    });

    it.each([
      [
        'Canari10Percent5Minutes',
        '"apps.shop.stages.prod.shift" is "Canari10Percent5Minutes", which is not a type of shift; did you mean ' +
          '"Canary10Percent5Minutes"?',
      ],
      [
        '{ canary: { percent: 100, minutes: 5 } }',
        '"apps.shop.stages.prod.shift.canary.percent" is 100; write a whole number from 1 to 99',
      ],
      [
        '{ canary: { percent: 10, minutes: 5 }, mustBeGradula: true }',
        'unknown key "apps.shop.stages.prod.shift.mustBeGradula"; did you mean "mustBeGradual"?',
      ],
      [
        '{ type: Canary10Percent5Minutes, mustBeGradual: 1 }',
        '"apps.shop.stages.prod.shift.mustBeGradual" is 1; write true or false',
      ],
      [
        '{ mustBeGradual: true }',
        '"apps.shop.stages.prod.shift.mustBeGradual" is true, but the stage asks for no gradual shift; add one, ' +
          'such as "canary: { percent: 10, minutes: 5 }", or remove the key',
      ],
      ['[]', '"apps.shop.stages.prod.shift" is []; write a type, such as AllAtOnce'],
    ])('is refused as %j, with its line', (written, message) => {
      expect(problems(stages('dev:', `prod: { shift: ${written} }`))).toEqual([`seedbed.yml, line 6: ${message}`]);
    });
  });

  describe('GitHub', () => {
    const app = (repository: string) => `apps:\n  shop:\n    repository: ${repository}\n    stages: { dev: {} }`;

    it('may have the repository', () => {
      const [shop] = read(app('{ github: acme/shop.js }')).apps;
      expect(shop!.repository).toEqual({ provider: 'github', name: 'acme/shop.js' });
      expect(AppConfig.parse(shop)).toEqual(shop);
    });

    it.each([
      [
        'github:\n  apiUrl: https://github.example.com/api/v3/\n  secret: platform/github',
        { apiUrl: 'https://github.example.com/api/v3', secret: 'platform/github' },
      ],
      ['github: { apiUrl: "http://127.0.0.1:8080" }', { apiUrl: 'http://127.0.0.1:8080', secret: 'seedbed/github' }],
      ['github:', { apiUrl: 'https://api.github.com', secret: 'seedbed/github' }],
    ])('is reached as %j says', (text, github) => {
      expect(read(text).github).toEqual(github);
    });

    it.each([
      ['{ github: shop }', '"apps.shop.repository.github" is "shop"; write owner and name of a GitHub repository'],
      ['{ github: https://github.com/acme/shop }', '"apps.shop.repository.github" is "https://github.com/acme/shop"'],
      ['{ github: acme/shop.git }', '"apps.shop.repository.github" is "acme/shop.git"; write owner and name'],
      ['{ github: acme/.. }', '"apps.shop.repository.github" is "acme/.."; write owner and name'],
      [
        '{ github: acme/shop, codecommit: shop }',
        '"apps.shop.repository" is {"github":"acme/shop","codecommit":"shop"}',
      ],
      ['{}', '"apps.shop.repository" is {}; write where the repository is, such as "{ codecommit: shop }" or "{ git'],
      ['{ gitub: acme/shop }', 'unknown key "apps.shop.repository.gitub"; did you mean "github"?'],
    ])('does not have the repository %s', (repository, message) => {
      const [first, ...more] = problems(app(repository));
      expect(more).toEqual([]);
      expect(first!.startsWith(`seedbed.yml, line 3: ${message}`)).toBe(true);
    });

    it.each([
      [
        'github: { webhookRate: 5 }',
        'seedbed.yml, line 1: "github.webhookRate" is 5; write requests a second, from 10 to 10000',
      ],
      [
        'github: seedbed/github',
        'seedbed.yml, line 1: "github" is "seedbed/github"; write "apiUrl" or "secret" below it, or leave it out',
      ],
      [
        'github: { apiUrl: "http://github.example.com" }',
        'seedbed.yml, line 1: "github.apiUrl" is "http://github.example.com"; write the URL of the API, such as ' +
          'https://api.github.com or https://github.example.com/api/v3',
      ],
      [
        'github: { secret: "a b" }',
        'seedbed.yml, line 1: "github.secret" is "a b"; write the name of a secret in AWS Secrets Manager, such ' +
          'as seedbed/github',
      ],
      [
        'github: { token: x }',
        'seedbed.yml, line 1: unknown key "github.token"; known keys: apiUrl, secret, webhookRate, webhookConcurrency',
      ],
    ])('is not reached as %j says', (text, message) => {
      expect(problems(text)).toEqual([message]);
    });
  });

  it.each([
    ['{ github: acme/shop, id: 123456 }', '123456'],
    ["{ codecommit: shop, id: 'f7579e13-b83e-4027-aaef-650c0EXAMPLE' }", 'f7579e13-b83e-4027-aaef-650c0EXAMPLE'],
    ['{ github: acme/shop }', undefined],
  ])('knows a repository by the id that %s names', (repository, id) => {
    const text = `apps: { shop: { repository: ${repository}, stages: { dev: { branches: [main] } } } }`;
    expect(read(text).apps[0]!.repositoryId).toBe(id);
  });

  it('knows which tags are too old, and whether marks count for them', () => {
    const text = (skipMarks: string) =>
      `${stages('dev: { tags: [dev] }', 'prod: { tags: ["v*"], tagOrder: semver }')}\n    skipMarks: ${skipMarks}`;
    const [shop] = read(text('{ tags: true }')).apps;
    expect(shop).toMatchObject({ stages: { prod: { tagOrder: 'semver' } }, skipMarks: { tags: true } });
    expect(shop!.stages.dev).not.toHaveProperty('tagOrder');
    expect(readStoredApp(storeApp(shop!))).toEqual(shop);
    expect(read(text('{}')).apps[0]).not.toHaveProperty('skipMarks');
  });

  it.each([
    [
      'dev: { branches: [main], tagOrder: semver }',
      '"apps.shop.stages.dev.tagOrder" is set, but the stage deploys no tags; add "tags", or remove it',
    ],
    [
      'dev: { tags: ["v*", stable], tagOrder: semver }',
      '"apps.shop.stages.dev.tags[1]" is "stable", which names no version, but "tagOrder" is semver; write tags such as ' +
        '"v*", or choose newest-commit or any',
    ],
    [
      'dev: { tags: ["v*"], tagOrder: newest }',
      '"apps.shop.stages.dev.tagOrder" is "newest", which is no order of tags; use one of: newest-commit, semver, any',
    ],
  ])('refuses an order of tags in %s', (stage, message) => {
    expect(problems(stages(stage))[0]).toContain(message);
  });

  describe('rules for stages', () => {
    /** Lines 5 and 6 are stages, what is given follows from line 7 on. */
    const rules = (...lines: string[]): string =>
      [
        stages('dev: { branches: [main, "fix/*"] }', 'prod: { tags: ["v*", lts] }'),
        ...lines.map((line) => `    ${line}`),
      ].join('\n');

    it('come to what the trigger reads', () => {
      const text = rules(
        'pullRequests: { template: dev, into: [main, release/*], emptyBuckets: true }',
        'branchStages:',
        '  - { branches: [feature/**], template: dev }',
        '  - { branches: [demo], template: prod, emptyBuckets: true }',
      );
      const [shop] = read(text).apps;
      expect(shop).toMatchObject({
        stages: { dev: { tags: [] }, prod: { branches: [], tags: ['v*', 'lts'] } },
        pullRequests: { template: 'dev', into: ['main', 'release/*'], emptyBuckets: true },
        branchStages: [
          { branches: ['feature/**'], template: 'dev', emptyBuckets: false },
          { branches: ['demo'], template: 'prod', emptyBuckets: true },
        ],
      });
      expect(AppConfig.parse(shop)).toEqual(shop);
    });

    it('give pull requests into what is deployed a stage, unless they say other bases', () => {
      expect(read(rules('pullRequests: { template: prod }')).apps[0]!.pullRequests).toEqual({
        template: 'prod',
        into: ['main', 'fix/*'],
        emptyBuckets: false,
      });
    });

    it('may cover with a glob what a stage or another rule names', () => {
      const text = rules(
        'branchStages:',
        '  - { branches: [demo], template: dev }',
        '  - { branches: ["**"], template: dev }',
      );
      expect(read(text).apps[0]!.branchStages).toHaveLength(2);
    });

    it.each<[string, string[], string]>([
      [
        'a template that is no stage',
        ['pullRequests: { template: preview }'],
        'line 7: "apps.shop.pullRequests.template" is "preview", which is not a stage of the app; add it to ' +
          '"apps.shop.stages", or use one of: dev, prod',
      ],
      [
        'a misspelt template',
        ['branchStages:', '  - { branches: [a], template: prd }'],
        'line 8: "apps.shop.branchStages[0].template" is "prd", which is not a stage of the app; did you mean "prod"?',
      ],
      [
        'pull requests without a template',
        ['pullRequests: { into: [main] }'],
        'line 7: "apps.shop.pullRequests.template" is missing; write the name of a stage of the app',
      ],
      [
        'an unknown key',
        ['pullRequests: { template: dev, branches: [main] }'],
        'line 7: unknown key "apps.shop.pullRequests.branches"; known keys: template, into, emptyBuckets',
      ],
      [
        'what is neither true nor false',
        ['branchStages:', '  - { branches: [a], template: dev, emptyBuckets: maybe }'],
        'line 8: "apps.shop.branchStages[0].emptyBuckets" is "maybe"; write true or false',
      ],
      [
        'a rule for no branch',
        ['branchStages:', '  - { branches: [], template: dev }'],
        'line 8: "apps.shop.branchStages[0].branches" is []; write a list of branch names or globs, such as ' +
          '"[main]"; put what looks like a number in quotes',
      ],
      [
        'a base branch that cannot be',
        ['pullRequests: { template: dev, into: ["refs/heads/main"] }'],
        'line 7: "apps.shop.pullRequests.into[0]" is "refs/heads/main", a full reference; write the branch ' +
          'alone: "main"',
      ],
      [
        'a glob that cannot be',
        ['branchStages:', '  - branches: [a, "b[0"]', '    template: dev'],
        'line 8: "apps.shop.branchStages[0].branches[1]" is "b[0", which is not a valid glob; close its ' +
          'brackets, or put "[" and "]" around a bracket that is meant as such',
      ],
      [
        'a rule for a branch that a stage names',
        ['branchStages:', '  - { branches: [main], template: dev }'],
        'line 8: "apps.shop.branchStages[0].branches[0]" is "main", but the branch deploys to stage "dev" ' +
          'already; remove it from one of the two',
      ],
      [
        'a rule for a branch that a stage’s glob covers',
        ['branchStages:', '  - { branches: [fix/a], template: dev }'],
        'line 8: "apps.shop.branchStages[0].branches[0]" is "fix/a", but the branch deploys to stage "dev" ' +
          'already; remove it from one of the two',
      ],
      [
        'two rules for one branch',
        ['branchStages:', '  - { branches: [demo, "x/*"], template: dev }', '  - { branches: [x/a], template: prod }'],
        'line 9: "apps.shop.branchStages[1].branches[0]" is "x/a", but the branch has a stage by ' +
          '"apps.shop.branchStages[0].branches[1]" already; remove it, or put its rule first',
      ],
    ])('are refused: %s', (_, lines, message) => {
      expect(problems(rules(...lines))).toEqual([`seedbed.yml, ${message}`]);
    });

    it('are refused if nothing says which pull requests count', () => {
      expect(problems(`${stages('prod: { tags: [v1] }')}\n    pullRequests: { template: prod }`)).toEqual([
        'seedbed.yml, line 6: "apps.shop.pullRequests.into" is missing, and no stage of the app has branches to ' +
          'use instead; write the base branches of the pull requests that get a stage, such as "[main]"',
      ]);
    });

    it('leave no stage the name of a pull request’s', () => {
      const text = stages('dev: { branches: [main] }', 'pr-7:');
      expect(Object.keys(read(text).apps[0]!.stages)).toContain('pr-7');
      expect(problems(`${text}\n    pullRequests: { template: dev }`)).toEqual([
        'seedbed.yml, line 6: "apps.shop.stages.pr-7" has a name that the stage of a pull request would have; ' +
          'choose another name, or remove "apps.shop.pullRequests"',
      ]);
    });

    it.each([
      ['["v 1"]', '"apps.shop.stages.dev.tags[0]" is "v 1", which no tag can be called; correct it'],
      [
        '["refs/tags/v1"]',
        '"apps.shop.stages.dev.tags[0]" is "refs/tags/v1", a full reference; write the tag alone: "v1"',
      ],
      ['["v[1"]', '"apps.shop.stages.dev.tags[0]" is "v[1", which is not a valid glob; close its brackets, or put'],
      [
        '[1.0]',
        '"apps.shop.stages.dev.tags[0]" is 1; write a list of tag names or globs, such as "[v*]"; put what looks',
      ],
      [
        '["l*"]',
        '"apps.shop.stages.dev.tags[0]" is "l*", but tag "lts" deploys to stage "prod" already; leave it out with',
      ],
    ])('of tags are refused as %s', (tags, message) => {
      const [first, ...more] = problems(stages(`dev: { tags: ${tags} }`, 'prod: { tags: [lts] }'));
      expect(more).toEqual([]);
      expect(first!.startsWith(`seedbed.yml, line 5: ${message}`)).toBe(true);
    });
  });

  it('tells all problems at once', () => {
    expect(problems('apps: 1\ntarget: {}\nexternalId: ""')).toHaveLength(3);
    const text =
      `${stages('dev: { branches: ["a b", "c d"], target: x }', 'prod: { target: y }')}\ntargets: { eu: { ` +
      'region: x } }';
    expect(problems(text).map((line) => /"([^"]+)"/.exec(line)![1])).toEqual([
      'apps.shop.stages.dev.target',
      'apps.shop.stages.prod.target',
      'targets.eu.region',
      'apps.shop.stages.dev.branches[0]',
      'apps.shop.stages.dev.branches[1]',
    ]);
  });
});
