import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerTemplate } from '../../../lib/cli/commands/template';
import { EXIT, runCommand } from '../../../lib/cli/platform/run-command';
import type { Template } from '../../../lib/core/template/template';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'seedbed-template-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(scratch, name);
  writeFileSync(file, text);
  return file;
};

/** Runs `seedbed template` as the command line does. */
async function template(...args: string[]) {
  const output = { out: '', err: '' };
  const writeTo = (to: keyof typeof output) => (text: string) => {
    output[to] += text;
  };
  const program = new Command('seedbed')
    .exitOverride()
    .configureOutput({ writeOut: writeTo('out'), writeErr: writeTo('err') });
  registerTemplate(program);
  const run = async () => {
    await program.parseAsync(['template', ...args], { from: 'user' });
    return EXIT.succeeded;
  };
  const exit = await runCommand(run, writeTo('err'));
  return { ...output, exit, json: () => JSON.parse(output.out) as Template };
}

const YAML = `
Resources:
  ListLambdaFunction: &function
    Type: AWS::Lambda::Function
    Properties: { Handler: a.b, Runtime: nodejs22.x, Code: { S3Bucket: b, S3Key: k }, Role: !GetAtt Role.Arn }
  AddLambdaFunction: *function
  CheckLambdaFunction: *function
  IdleLambdaFunction: *function
  EdgeLambdaFunction: *function
  Role: { Type: AWS::IAM::Role, Properties: {} }
  Errors: { Type: AWS::CloudWatch::Alarm, Properties: {} }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Targets: [{ Id: a, Arn: !GetAtt ListLambdaFunction.Arn }, { Id: b, Arn: !Sub "\${AddLambdaFunction.Arn}" }]
  Thing: { Type: AWS::New::Thing, Properties: { Handler: !GetAtt ListLambdaFunction.Arn } }
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: !Ref EdgeVersion }]
  EdgeVersion: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref EdgeLambdaFunction } }
`;

const SETTINGS = `
deploymentSettings:
  type: Canary10Percent5Minutes
  alarms: [Errors]
functions:
  list:
    deploymentSettings: { linear: { percent: 20, minutes: 2 }, preTrafficHook: check }
  check: {}
`;

describe('seedbed template', () => {
  it('prints the template as it would be deployed, as JSON, and nothing else on standard output', async () => {
    const { exit, json } = await template(write('a.yml', YAML));
    expect(exit).toBe(EXIT.succeeded);
    const { Resources } = json();
    expect(Resources.Rule!.Properties!.Targets).toEqual([
      { Id: 'a', Arn: { Ref: 'ListLambdaFunctionAliasLive' } },
      { Id: 'b', Arn: { Ref: 'AddLambdaFunctionAliasLive' } },
    ]);
    expect(Resources.ListLambdaFunction!.Properties!.Role).toEqual({ 'Fn::GetAtt': ['Role', 'Arn'] });
  });

  it('prints the same again for what it printed', async () => {
    const once = await template(write('a.yml', YAML));
    const twice = await template(write('once.json', once.out));
    expect(twice.json()).toEqual(once.json());
    expect(twice.err).toBe(once.err);
  });

  it('tells on standard error what has no alias, what to look at, and what moves at once', async () => {
    const { err } = await template(write('a.yml', YAML), '--alias', 'prod', '--stage', 'staging');
    expect(err.split('\n')).toEqual([
      '4 functions with alias "prod"',
      '',
      'without an alias:',
      expect.stringMatching(/^ {2}EdgeLambdaFunction {2}lambda@edge: /),
      '',
      'warnings:',
      expect.stringMatching(/^ {2}Resources\.Thing\.Properties\.Handler {2}AWS::New::Thing names function/),
      '',
      'shifts in stage "staging":',
      '  ListLambdaFunction   as the stage demands',
      '  AddLambdaFunction    as the stage demands',
      '  CheckLambdaFunction  all at once: nothing in the template invokes it: there is no traffic to split',
      '  IdleLambdaFunction   all at once: nothing in the template invokes it: there is no traffic to split',
      '',
    ]);
  });

  it('tells how each function shifts by a settings file', async () => {
    const settings = write('shift.yml', SETTINGS);
    const { err, exit } = await template(write('a.yml', YAML), '--settings', settings);
    expect(exit).toBe(EXIT.succeeded);
    expect(err.slice(err.indexOf('shifts in')).split('\n')).toEqual([
      'shifts in stage "prod":',
      '  ListLambdaFunction   20 % every 2 minutes; tested before the shift by CheckLambdaFunction; stopped by Errors',
      '  AddLambdaFunction    10 % for 5 minutes, then all; stopped by Errors',
      '  CheckLambdaFunction  all at once: it is a hook: no traffic of its own',
      '  IdleLambdaFunction   10 % for 5 minutes, then all; stopped by Errors',
      '',
    ]);
  });

  it('takes a single block, and functions by their logical ids', async () => {
    const one = write('one.json', '{"type":"AllAtOnce","postTrafficHook":"check","alias":"blue"}');
    const { err, json } = await template(write('a.yml', YAML), '--settings', one);
    expect(err).toContain('  AddLambdaFunction    all at once; tested after the shift by CheckLambdaFunction\n');
    expect(json().Resources.AddLambdaFunctionAliasBlue).toBeDefined();
    const ids = write(
      'ids.yml',
      'functions: { AddLambdaFunction: { deploymentSettings: { type: Linear10PercentEvery1Minute } } }',
    );
    expect((await template(write('a.yml', YAML), '--settings', ids)).err).toContain(
      '  AddLambdaFunction    10 % every minute\n',
    );
  });

  it('has no shifts in a stage that the settings are not for', async () => {
    const settings = write(
      'stages.yml',
      'custom: { deploymentSettings: { type: Canary10Percent5Minutes, stages: [live] } }',
    );
    const { err } = await template(write('a.yml', YAML), '--settings', settings);
    expect(err).toContain('  ListLambdaFunction   as the stage demands\n');
  });

  it.each<[string, string, RegExp]>([
    ['an unknown type', 'type: Canary10Percent6Minutes', /bad\.yml, line 1: .*Canary10Percent6Minutes/],
    [
      'a hook that is no function',
      'functions:\n  list:\n    deploymentSettings: { preTrafficHook: chek }',
      /bad\.yml, line 3: "functions\.list\.deploymentSettings\.preTrafficHook" is "chek".*did you mean "check"/,
    ],
    [
      'a function that is not there',
      'functions:\n  gone:\n    deploymentSettings: { type: AllAtOnce }',
      /bad\.yml, line 3: .*"gone", which the packaged template does not have/,
    ],
    ['an alarm that is not there', 'deploymentSettings:\n  alarms: [Nope]', /bad\.yml, line 2: .*Nope/],
    [
      'an unknown key',
      'deploymentSettings:\n  tipe: AllAtOnce',
      /bad\.yml, line 2: unknown key "deploymentSettings\.tipe"/,
    ],
    ['not a map', '- a', /bad\.yml/],
    ['not YAML', 'a: [', /bad\.yml, line 1/],
  ])('refuses settings with %s, before it prints anything', async (_, text, message) => {
    const { out, err, exit } = await template(write('a.yml', YAML), '--settings', write('bad.yml', text));
    expect({ out, exit }).toEqual({ out: '', exit: EXIT.failed });
    expect(err).toMatch(message);
  });

  const resources = (count: number, functions: number) =>
    JSON.stringify({
      Resources: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `R${index}`,
          index < functions
            ? { Type: 'AWS::Lambda::Function', Properties: { Handler: 'a.b' } }
            : { Type: 'AWS::SQS::Queue', Properties: {} },
        ]),
      ),
    });
  const large = { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'x'.repeat(1024 * 1024) } } } };

  it.each<[string, string, RegExp]>([
    ['not valid', 'Resources:\n  A: {', /bad\.template, line 2, column .*not valid YAML/],
    ['no template', 'service: shop', /bad\.template: the template has no Resources object/],
    ['empty', '', /bad\.template: the template has no Resources object/],
    [
      'over the limit with its aliases',
      resources(480, 20),
      /would have 520 resources, 20 more than the 500 that CloudFormation takes: 480 as packaged.*Split the service in two/,
    ],
    [
      'too long',
      JSON.stringify(large),
      /bytes, \d+ more than the 1000000 that CloudFormation takes; split the service/,
    ],
    [
      'shifting by itself',
      'Resources: { App: { Type: AWS::CodeDeploy::Application, Properties: { ComputePlatform: Lambda } } }',
      /CodeDeploy of its own \(resources App\)/,
    ],
  ])('refuses a template that is %s', async (_, text, message) => {
    const { out, err, exit } = await template(write('bad.template', text));
    expect({ out, exit }).toEqual({ out: '', exit: EXIT.failed });
    expect(err).toMatch(message);
  });

  it.each<[string, () => string[], RegExp]>([
    ['no file', () => [], /missing required argument 'file'/],
    ['a file that is not there', () => [join(scratch, 'nope.json')], /there is no file .*nope\.json; give the path/],
    ['a directory', () => [scratch], /is a directory; give the path of a CloudFormation template/],
    [
      'settings that are not there',
      () => [write('a.yml', YAML), '--settings', join(scratch, 'nope.yml')],
      /there is no file .*nope\.yml; give the path of deployment settings/,
    ],
    [
      'an alias that cannot be',
      () => [write('a.yml', YAML), '--alias', '7'],
      /--alias: "7" cannot be the name of an alias/,
    ],
    ['a stage that cannot be', () => [write('a.yml', YAML), '--stage', 'a b'], /--stage: "a b"/],
  ])('ends as a wrong call for %s', async (_, args, message) => {
    const { out, err, exit } = await template(...args());
    expect({ out, exit }).toEqual({ out: '', exit: EXIT.usage });
    expect(err).toMatch(message);
  });
});
