import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bundleKey, deployedPackageKey, manifestKey, renderedTemplateKey } from '../../lib/core/contracts/keys';
import {
  buildProjectName,
  cloneParameter,
  environmentPath,
  environmentSaltParameter,
  environmentStampParameter,
} from '../../lib/core/contracts/stage-environment';
import { Policies } from './policies';
import { aPlatform } from './synthesise';

/** Names that begin or end as others do, and some at random, the same ones in every run. */
const anyName = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
const APPS = [
  ...new Set(['shop', 'shop-admin', 'sho', 'shop-dev', 'a', 'a-b', ...fc.sample(anyName, { numRuns: 6, seed: 7 })]),
];
const STAGES = [...new Set(['dev', 'dev-2', 'de', 'b-c', 'c', ...fc.sample(anyName, { numRuns: 2, seed: 8 })])];
/** As the other half of the apps are: with their repositories at GitHub. */
const isGitHub = (app: string): boolean => APPS.indexOf(app) % 2 === 0;
const text = `apps:\n${APPS.map((app) => {
  const repository = isGitHub(app) ? `{ github: acme/${app} }` : `{ codecommit: ${app} }`;
  return `  ${app}: { repository: ${repository}, stages: { ${STAGES.map((stage) => `${stage}: { branches: [${stage}] }`).join(', ')} } }`;
}).join('\n')}\n`;

const { platform, apps, target } = aPlatform({ text });
const policies = new Policies([platform, apps, target]);
const ARTIFACTS = policies.arnOf('Seedbed', /^Artifacts[0-9A-F]{8}$/);
const TABLE = policies.arnOf('Seedbed', /^State[0-9A-F]{8}$/);
const BUILD_LOGS = policies.arnOf('Seedbed', /^Builds[0-9A-F]{8}$/);
const LOG_STREAM = `arn:aws:logs:eu-central-1:111122223333:log-group:${BUILD_LOGS.replace(/^arn:/, 'ref:')}:log-stream`;
const parameter = (name: string): string => `arn:aws:ssm:eu-central-1:111122223333:parameter${name}`;
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const buildRole = (app: string, stage: string): string => `SeedbedApps/Builds/Role-${buildProjectName(app, stage)}`;
const isBuild = (role: string): boolean => role.startsWith('SeedbedApps/Builds/Role-');
/** What CloudFormation works with in a target, and may do anything there. */
const EXECUTION = 'SeedbedTarget/Roles/CloudFormation';
const write = { 's3:if-none-match': '*' };

const aPlace = fc.record({ app: fc.constantFrom(...APPS), stage: fc.constantFrom(...STAGES) });
const aService = fc.constantFrom('.', 'api', 'services/api', 'a/manifest.json', 'pages/error-404', '../shop', '..');
const forAll = (check: (own: Place, other: Place, service: string) => void): void =>
  fc.assert(fc.property(aPlace, aPlace, aService, check), { numRuns: 300 });
interface Place {
  readonly app: string;
  readonly stage: string;
}

describe('a build', () => {
  const can = ({ app, stage }: Place, action: string, resource: string, context?: Record<string, string>): boolean =>
    policies.can(buildRole(app, stage), { action, resource, context });

  it('reads and writes what is its stage’s in the artifact repository, and of no other stage or app', () => {
    forAll((own, other, service) => {
      const mine = own.app === other.app && own.stage === other.stage;
      const made = { app: other.app, stage: 'pr-1', template: other.stage };
      for (const key of [other, made].flatMap((stage) => [
        bundleKey(stage, service, 'F', 'x'),
        manifestKey(stage, service, '01H'),
      ])) {
        expect([key, can(own, 's3:GetObject', `${ARTIFACTS}/${key}`)]).toEqual([key, mine]);
        expect([key, can(own, 's3:PutObject', `${ARTIFACTS}/${key}`, write)]).toEqual([key, mine]);
        const listed = can(own, 's3:ListBucket', ARTIFACTS, { 's3:prefix': key });
        expect([key, listed]).toEqual([key, mine]);
      }
    });
  });

  it('reads no template as it is deployed, in which are values of the environment', () => {
    forAll((own, other, service) => {
      const key = renderedTemplateKey({ ...other, target: { account: '111122223333' } }, service, '01H');
      for (const action of ['s3:GetObject', 's3:PutObject'])
        expect([key, action, can(own, action, `${ARTIFACTS}/${key}`, write)]).toEqual([key, action, false]);
      expect(can(own, 's3:ListBucket', ARTIFACTS, { 's3:prefix': key })).toBe(false);
    });
  });

  it('reads what is deployed of its own stage alone', () => {
    forAll((own, other, service) => {
      const mine = own.app === other.app && own.stage === other.stage;
      const key = deployedPackageKey(other, service, '01H');
      expect([key, can(own, 's3:GetObject', `${ARTIFACTS}/${key}`)]).toEqual([key, mine]);
    });
  });

  it('reads and writes nothing of packages from before stages were kept apart', () => {
    for (const app of APPS)
      for (const stage of STAGES)
        for (const key of [`packages/${app}/api/01H/manifest.json`, `bundles/${app}/api/F/x.zip`]) {
          expect([key, can({ app, stage }, 's3:GetObject', `${ARTIFACTS}/${key}`)]).toEqual([key, false]);
          expect([key, can({ app, stage }, 's3:PutObject', `${ARTIFACTS}/${key}`, write)]).toEqual([key, false]);
        }
  });

  it('changes no bundle that is there, and writes nothing that workers write', () => {
    forAll((own, _, service) => {
      const bundle = `${ARTIFACTS}/${bundleKey(own, service, 'F', 'x')}`;
      expect(can(own, 's3:PutObject', bundle)).toBe(false);
      for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectAcl', 's3:GetObjectVersion'])
        expect([action, can(own, action, bundle, write)]).toEqual([action, false]);
      for (const file of ['deployed.json', 'inputs.json', 'manifest.json.x']) {
        const key = `${ARTIFACTS}/packages/${own.app}/${own.stage}/${service}/01H/${file}`;
        expect([file, can(own, 's3:PutObject', key, write)]).toEqual([file, false]);
      }
      expect(can(own, 's3:ListBucket', ARTIFACTS)).toBe(false);
      expect(can(own, 's3:ListBucket', ARTIFACTS, { 's3:prefix': '' })).toBe(false);
    });
  });

  it('reads the environment, salt and clone token of its stage, and of no other stage or app', () => {
    forAll((own, other) => {
      const mine = own.app === other.app && own.stage === other.stage;
      const made = environmentPath({ app: other.app, stage: 'pr-1', template: other.stage });
      for (const path of [environmentPath(other), made])
        expect([path, can(own, 'ssm:GetParametersByPath', parameter(path))]).toEqual([path, mine]);
      for (const name of [cloneParameter(other.app, other.stage), environmentSaltParameter(other.app, other.stage)])
        expect([name, can(own, 'ssm:GetParameter', parameter(name))]).toEqual([name, mine]);
      for (const path of ['/', '/seedbed', '/seedbed/env', `/seedbed/env/${own.app}`, '/seedbed/clone'])
        expect([path, can(own, 'ssm:GetParametersByPath', parameter(path))]).toEqual([path, false]);
      for (const action of [
        'ssm:PutParameter',
        'ssm:DeleteParameter',
        'ssm:GetParameterHistory',
        'ssm:DescribeParameters',
      ])
        expect([action, can(own, action, parameter(`${environmentPath(own)}/KEY`))]).toEqual([action, false]);
    });
  });

  it('clones the repository of its app alone', () => {
    forAll((own, other) => {
      const mine = own.app === other.app && !isGitHub(own.app);
      expect(can(own, 'codecommit:GitPull', arn('codecommit', other.app))).toBe(mine);
      expect(can(own, 'codecommit:GitPush', arn('codecommit', other.app))).toBe(false);
    });
  });

  it('writes its own stage’s log, and reads none', () => {
    forAll((own, other) => {
      const mine = own.app === other.app && own.stage === other.stage;
      const stream = `${LOG_STREAM}:${other.app}/${other.stage}/0b6a`;
      expect(can(own, 'logs:PutLogEvents', stream)).toBe(mine);
      for (const action of ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery', 'logs:DeleteLogStream'])
        for (const resource of [stream, BUILD_LOGS, `${BUILD_LOGS}:*`])
          expect([action, can(own, action, resource)]).toEqual([action, false]);
    });
  });

  it('holds no power to deploy, to release, to build, or over the platform', () => {
    forAll((own, other) => {
      const refused: [string, string][] = [
        ...['GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'].map((name): [string, string] => [
          `dynamodb:${name}`,
          TABLE,
        ]),
        ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/seedbed-deploy'],
        ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin'],
        ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/seedbed-cloudformation'],
        ['codebuild:StartBuild', arn('codebuild', `project/${buildProjectName(other.app, other.stage)}`)],
        ['codebuild:UpdateProject', arn('codebuild', `project/${buildProjectName(own.app, own.stage)}`)],
        ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:seedbed/github-AbCdEf')],
        ['states:StartExecution', arn('states', 'stateMachine:Seedbed-Release')],
        ['lambda:InvokeFunction', arn('lambda', 'function:Seedbed-Anything')],
        ['events:PutEvents', arn('events', 'event-bus/default')],
        ['iam:PassRole', 'arn:aws:iam::111122223333:role/seedbed-deploy'],
        ['cloudformation:UpdateStack', arn('cloudformation', 'stack/Seedbed/x')],
      ];
      expect(refused.filter(([action, resource]) => can(own, action, resource))).toEqual([]);
    });
  });
});

describe('of all roles', () => {
  const whoCan = (action: string, resource: string, context?: Record<string, string>): readonly string[] =>
    policies.whoCan({ action, resource, context }).filter((role) => role !== EXECUTION);
  const named = (roles: readonly string[]): string[] => roles.map((role) => role.split('/').at(-2)!);

  it('only builds of the stage write its bundles', () => {
    const writers = whoCan('s3:PutObject', `${ARTIFACTS}/bundles/shop/dev/api/F/x.zip`, write);
    expect(writers).toEqual([buildRole('shop', 'dev')]);
  });

  it('each worker makes the calls of CodeCommit that its code makes: cloning needs no trees, planning no branches', () => {
    const reads = (action: string) => named(whoCan(`codecommit:${action}`, arn('codecommit', 'shop-admin')));
    expect({
      GetRepository: reads('GetRepository'),
      GetDifferences: reads('GetDifferences'),
      GetBlob: reads('GetBlob'),
      GetFile: reads('GetFile'),
      ListBranches: reads('ListBranches'),
      GetBranch: reads('GetBranch'),
      GetCommit: reads('GetCommit'),
      GetFolder: reads('GetFolder'),
    }).toEqual({
      GetRepository: ['StartBuild', 'Doctor', 'Push', 'Reconcile', 'Start'],
      GetDifferences: ['Plan', 'Preview', 'Start'],
      GetBlob: ['Plan', 'Preview'],
      GetFile: ['Plan', 'Preview', 'Start'],
      ListBranches: ['Doctor', 'Reconcile'],
      GetBranch: ['Preview', 'Doctor', 'Push', 'Reconcile', 'Start'],
      GetCommit: ['Preview', 'Push', 'Reconcile', 'Start'],
      GetFolder: ['Preview', 'Push', 'Reconcile', 'Start'],
    });
  });

  it('who records deletes no item of the state table, and who cancels puts none into it', () => {
    const deletes = named(whoCan('dynamodb:DeleteItem', TABLE));
    for (const worker of ['Record', 'RecordFailure', 'Prune']) expect(deletes).not.toContain(worker);
    expect(deletes).toContain('Cancel');
    expect(named(whoCan('dynamodb:PutItem', TABLE))).not.toContain('Cancel');
    expect(named(whoCan('dynamodb:ConditionCheckItem', TABLE))).not.toContain('Cancel');
  });

  it('deploy roles use keys by Lambda alone, and make grants for AWS’s services alone', () => {
    const key = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
    const lambda = { 'kms:ViaService': 'lambda.eu-central-1.amazonaws.com' };
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
      expect(whoCan(action, key, lambda)).toContain('SeedbedTarget/Roles/Deploy');
      expect(whoCan(action, key)).toEqual([]);
      expect(whoCan(action, key, { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' })).toEqual([]);
    }
    const forAws = { ...lambda, 'kms:GrantIsForAWSResource': 'true' };
    expect(whoCan('kms:CreateGrant', key, forAws)).toEqual(['SeedbedTarget/Roles/Deploy']);
    expect(whoCan('kms:CreateGrant', key, lambda)).toEqual([]);
    expect(whoCan('kms:CreateGrant', key, { ...forAws, 'kms:GrantIsForAWSResource': 'false' })).toEqual([]);
    for (const action of ['kms:Encrypt', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:RevokeGrant'])
      expect(whoCan(action, key, forAws)).toEqual([]);
  });

  it('CodeDeploy’s role tells topics that have a key of their own', () => {
    const key = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
    const sns = { 'kms:ViaService': 'sns.eu-central-1.amazonaws.com' };
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey'])
      expect(whoCan(action, key, sns)).toEqual(['SeedbedTarget/Roles/CodeDeploy']);
  });

  it('deploy roles delete versions of functions, and never a function', () => {
    expect(whoCan('lambda:DeleteFunction', arn('lambda', 'function:shop-list:3'))).toEqual([
      'SeedbedTarget/Roles/Deploy',
    ]);
    expect(whoCan('lambda:DeleteFunction', arn('lambda', 'function:shop-list'))).toEqual([]);
  });

  it('deploy roles change stacks and functions of services, and none of the platform’s', () => {
    const may = (action: string, rest: string) => whoCan(action, arn(action.split(':')[0]!, rest));
    for (const [action, service, own] of [
      ['lambda:UpdateFunctionCode', 'function:shop-list', 'function:Seedbed-PlanWorkersPlanFunction'],
      ['lambda:UpdateAlias', 'function:shop-list', 'function:CodeDeployHook_SeedbedBeforeTraffic'],
      ['cloudformation:UpdateStack', 'stack/shop-dev/1', 'stack/SeedbedApps/1'],
      ['cloudformation:CreateChangeSet', 'stack/shop-dev/1', 'stack/SeedbedApps/1'],
      ['cloudformation:DeleteStack', 'stack/shop-dev/1', 'stack/CDKToolkit/1'],
    ] as const) {
      expect([action, may(action, service)]).toEqual([action, expect.arrayContaining(['SeedbedTarget/Roles/Deploy'])]);
      expect([action, may(action, own)]).not.toEqual([action, expect.arrayContaining(['SeedbedTarget/Roles/Deploy'])]);
    }
  });

  it('only the worker that starts stack updates writes templates as they are deployed; deploy roles read their account’s', () => {
    const key = (account: string) =>
      `${ARTIFACTS}/${renderedTemplateKey({ app: 'shop', stage: 'dev', target: { account } }, 'api', '01H')}`;
    expect(named(whoCan('s3:PutObject', key('111122223333')))).toEqual(['StartStackUpdate']);
    expect(whoCan('s3:GetObject', key('111122223333'))).toEqual(['SeedbedTarget/Roles/Deploy']);
    expect(whoCan('s3:GetObject', key('444455556666'))).toEqual([]);
    expect(
      whoCan('s3:GetObject', `${ARTIFACTS}/${deployedPackageKey({ app: 'shop', stage: 'dev' }, 'api', '01H')}`),
    ).not.toContain('SeedbedTarget/Roles/Deploy');
  });

  it('nobody deletes artifacts', () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion'])
      expect(whoCan(action, `${ARTIFACTS}/packages/shop/x`).filter((role) => !role.includes('/Removal/'))).toEqual([]);
  });

  it('only who reads repositories at GitHub, and who tells it of releases, reads the secret with the access to GitHub', () => {
    const readers = named(
      whoCan('secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:seedbed/github-AbCdEf')),
    );
    expect(readers).toEqual(['StartBuild', 'Notify', 'Plan', 'Preview', 'Doctor', 'Reconcile', 'Start', 'Webhook']);
    expect(whoCan('secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:other-AbCdEf'))).toEqual([]);
  });

  it('no worker but those that remove stages could read what a configured stage has of its own in its environment', () => {
    const path = parameter(environmentPath({ app: 'shop', stage: 'dev' }));
    for (const action of ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory'])
      expect(whoCan(action, `${path}/KEY`)).toEqual([]);
    expect(whoCan('ssm:GetParametersByPath', path).filter((role) => !isBuild(role))).toEqual([]);
    expect(whoCan('ssm:DeleteParameters', `${path}/KEY`)).toEqual([]);
  });

  it('plans see that an environment changed, and nothing of it', () => {
    const stamp = parameter(environmentStampParameter({ app: 'shop', stage: 'dev' }));
    expect(named(whoCan('ssm:GetParameters', stamp))).toEqual(['Plan', 'Preview']);
  });

  it('only the worker that starts builds starts any, and only in the platform’s projects', () => {
    expect(
      named(whoCan('codebuild:StartBuild', arn('codebuild', `project/${buildProjectName('shop', 'dev')}`))),
    ).toEqual(['StartBuild']);
    expect(whoCan('codebuild:StartBuild', arn('codebuild', 'project/other'))).toEqual([]);
  });

  it('only who starts builds and the doctor look at build projects, the platform’s, and the doctor at quotas', () => {
    const project = arn('codebuild', `project/${buildProjectName('shop', 'dev')}`);
    expect(named(whoCan('codebuild:BatchGetProjects', project))).toEqual(['StartBuild', 'Doctor']);
    expect(whoCan('codebuild:BatchGetProjects', arn('codebuild', 'project/other'))).toEqual([]);
    expect(named(whoCan('servicequotas:ListServiceQuotas', '*'))).toEqual(['Doctor']);
    expect(whoCan('servicequotas:RequestServiceQuotaIncrease', '*')).toEqual([]);
    // The deploy role, for the code storage of its target.
    expect(named(whoCan('lambda:GetAccountSettings', '*'))).toEqual(['Doctor', 'Roles']);
  });

  it('state machines write what they wait for into the state table, and nothing else; only the watcher looks after it', () => {
    const MACHINES = ['Seedbed/Release/StateMachine/Role', 'Seedbed/ServiceRelease/StateMachine/Role'];
    const can = (role: string, action: string, key: string) =>
      policies.can(role, { action, resource: TABLE, context: { 'dynamodb:LeadingKeys': key } });
    for (const role of MACHINES) {
      expect([role, can(role, 'dynamodb:PutItem', 'WAITS#01H')]).toEqual([role, true]);
      expect([role, can(role, 'dynamodb:PutItem', 'APP#shop#STAGE#dev')]).toEqual([role, false]);
      expect([role, can(role, 'dynamodb:GetItem', 'WAITS#01H')]).toEqual([role, false]);
    }
    const watch = 'Seedbed/WatchWorkers/Watch/Role';
    for (const action of ['dynamodb:DeleteItem', 'dynamodb:UpdateItem']) {
      expect([action, can(watch, action, 'WAITS#01H')]).toEqual([action, true]);
      expect([action, can(watch, action, 'APP#shop#STAGE#dev')]).toEqual([action, false]);
    }
    expect(can(watch, 'dynamodb:PutItem', 'WAITS#01H')).toBe(false);
    for (const call of ['Failure', 'Heartbeat', 'Success'])
      expect(named(whoCan(`states:SendTask${call}`, '*'))).toEqual(['Watch']);
  });

  it('workers assume no roles but those of targets', () => {
    expect(whoCan('sts:AssumeRole', 'arn:aws:iam::111122223333:role/seedbed-deploy').length).toBeGreaterThan(5);
    expect(whoCan('sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin')).toEqual([]);
    expect(whoCan('sts:AssumeRole', 'arn:aws:iam::444455556666:role/seedbed-deploy')).toEqual([]);
  });

  it('nobody makes roles, keys or policies, or passes roles on but to CloudFormation and CodeDeploy', () => {
    for (const action of [
      'iam:CreateRole',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
      'iam:CreateAccessKey',
      'kms:Decrypt',
      's3:PutBucketPolicy',
    ])
      expect([action, whoCan(action, 'arn:aws:iam::111122223333:role/x')]).toEqual([action, []]);
    expect(whoCan('iam:PassRole', 'arn:aws:iam::111122223333:role/Admin')).toEqual([]);
  });

  it('each is in the table of docs/security.md, and nothing else is', () => {
    const doc = readFileSync(join(__dirname, '../../docs/security.md'), 'utf8');
    const [, table = ''] = /\n## Roles\n([\s\S]*?)(\n## |$)/.exec(doc) ?? [];
    const rows = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, role]) => role!);
    const roles = [...policies.roles.keys()].map((role) =>
      isBuild(role) ? 'SeedbedApps/Builds' : role.replace(/\/Role$/, '').replace(/^(SeedbedTarget\/Builds)\/.*/, '$1'),
    );
    expect(rows.sort()).toEqual([...new Set(roles)].sort());
  });
});
