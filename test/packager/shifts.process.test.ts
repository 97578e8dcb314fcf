import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import type { Manifest } from '../../lib/core/contracts/manifest';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aDirectory } from './scratch';

const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');
const CODE = 'exports.handler = async () => 1;\n';

/** Packages a service with the real framework. `lines` gets what it logs. */
async function packaged(
  files: Readonly<Record<string, string>>,
  lines: string[] = [],
  stage = 'prod',
): Promise<Manifest> {
  const manifests = await packageDirectory({
    directory: aDirectory({ 'src/a.js': CODE, ...files }),
    app: 'shop',
    stage,
    region: 'eu-central-1',
    out: aDirectory(),
    clock: SYSTEM_CLOCK,
    log: (line: string) => lines.push(line),
    env: { PATH: `${BIN}:${process.env.PATH}`, HOME: process.env.HOME },
  });
  return manifests[0]!;
}

/** As users of serverless-plugin-canary-deployments have it, but for the plug-in itself. */
const service = (settings: readonly string[], more: readonly string[] = []): string =>
  [
    'service: orders',
    'configValidationMode: error',
    'provider: { name: aws, runtime: nodejs20.x }',
    'functions:',
    '  create-order:',
    '    handler: src/a.handler',
    ...settings.map((line) => `    ${line}`),
    '  check: { handler: src/a.handler }',
    'resources:',
    '  Resources:',
    '    Errors:',
    '      Type: AWS::CloudWatch::Alarm',
    '      Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 1 }',
    '    Events: { Type: AWS::SNS::Topic }',
    ...more,
  ].join('\n');

const SETTINGS = [
  'deploymentSettings:',
  '  type: Linear10PercentEvery1Minute',
  '  alias: Live',
  '  preTrafficHook: check',
  '  alarms: [Errors, { name: from-elsewhere }]',
  '  triggerConfigurations:',
  '    - TriggerEvents: [DeploymentFailure]',
  '      TriggerTargetArn: !Ref Events',
];

describe('the settings of a service’s shifts', () => {
  it('come from the framework’s configuration into the manifest, which the framework takes without the plug-in', async () => {
    const lines: string[] = [];
    const { alias, shift } = await packaged({ 'serverless.yml': service(SETTINGS) }, lines);
    expect(alias).toBe('Live');
    expect(shift).toEqual({
      unit: 'service',
      hookTimeout: 300,
      functions: {
        CreateDashorderLambdaFunction: {
          shift: { kind: 'linear', percent: 10, minutes: 1 },
          writtenAt: { file: 'serverless.yml', key: 'functions.create-order.deploymentSettings.type' },
          preTrafficHook: 'CheckLambdaFunction',
          alarms: [{ logicalId: 'Errors' }, { name: 'from-elsewhere' }],
          triggers: [{ name: 'trigger-1', events: ['DeploymentFailure'], topic: { logicalId: 'Events' } }],
        },
      },
    });
    expect(lines.join('\n')).not.toMatch(/warning|unrecognized|invalid/i);
  });

  it('change the configuration’s hash only where they change the template', async () => {
    const hashOf = async (settings: readonly string[], seed = '') =>
      (await packaged({ 'serverless.yml': service(settings), 'seed.yml': seed })).configHash;
    const without = await hashOf([]);
    expect(await hashOf(['deploymentSettings: { type: AllAtOnce, alarms: [Errors] }'])).toBe(without);
    expect(await hashOf([], 'shift: { type: Canary10Percent5Minutes, unit: function }')).toBe(without);
    const others = await Promise.all([
      hashOf(['deploymentSettings: { alias: Live }']),
      hashOf([], 'shift: { alias: other }'),
      hashOf(['deploymentSettings: { preTrafficHook: check }']),
    ]);
    expect(new Set([without, ...others]).size).toBe(4);
  });

  it('are refused with file, line and key of each problem', async () => {
    const settings = ['deploymentSettings:', '  type: Linear10', '  preTrafficHook: chek', '  alarms: [Error]'];
    const seed = 'check_code_change: true\nshift:\n  postTrafficHook: nothing\n';
    const failure = await packaged({ 'serverless.yml': service(settings), 'seed.yml': seed }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'ConfigInvalid' });
    const places = failure.message
      .split('\n')
      .map((line: string) => /^(\S+, line \d+): "(\S+)" is /.exec(line)?.slice(1));
    expect(places).toEqual([
      ['serverless.yml, line 8', 'functions.create-order.deploymentSettings.type'],
      ['serverless.yml, line 9', 'functions.create-order.deploymentSettings.preTrafficHook'],
      ['seed.yml, line 3', 'shift.postTrafficHook'],
      ['serverless.yml, line 10', 'functions.create-order.deploymentSettings.alarms[0]'],
    ]);
  });

  it('are refused beside a CodeDeploy of the template’s own, naming it', async () => {
    const own = [
      '    App: { Type: AWS::CodeDeploy::Application, Properties: { ComputePlatform: Lambda } }',
      '    ForServers: { Type: AWS::CodeDeploy::Application, Properties: { ComputePlatform: Server } }',
    ];
    await expect(packaged({ 'serverless.yml': service([], own) })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message:
        'serverless.yml: the packaged template shifts traffic with a CodeDeploy of its own (resources App), and ' +
        'two of them cannot move one alias; remove them from the configuration, and say how traffic moves with ' +
        '"deploymentSettings"',
    });
  });
});
