import { ShiftSettings } from '../../../lib/core/contracts/settings';
import { readShiftSettings } from '../../../lib/core/shift/read-shift-settings';
import { sharedSettings } from '../../../lib/core/shift/shared-settings';
import { AppSettings } from '../../../lib/core/shift/written-settings';
import type { Template } from '../../../lib/core/template/template';

type Block = Readonly<Record<string, unknown>>;

interface Written {
  /** `deploymentSettings` by the function's key; without: none. */
  readonly functions?: Readonly<Record<string, Block | undefined>>;
  /** `custom.deploymentSettings`. */
  readonly custom?: unknown;
  /** `shift` of seed.yml. */
  readonly seed?: unknown;
  readonly stage?: string;
  /** Functions that the template does not have. */
  readonly without?: readonly string[];
}

const RESOURCES: Template['Resources'] = {
  Errors: { Type: 'AWS::CloudWatch::Alarm' },
  AnyErrors: { Type: 'AWS::CloudWatch::CompositeAlarm' },
  Events: { Type: 'AWS::SNS::Topic' },
  Orders: { Type: 'AWS::DynamoDB::Table' },
};

const readAll = ({ functions = { hello: undefined }, custom, seed, stage = 'prod', without = [] }: Written) => {
  const keys = Object.keys(functions).filter((key) => !without.includes(key));
  const shared = sharedSettings(AppSettings.parse(seed ?? {}), 'seed.yml');
  return readShiftSettings({
    stage,
    service: 'services/api',
    file: 'services/api/serverless.yml',
    functions: Object.fromEntries(
      Object.entries(functions).map(([key, settings]) => [
        key,
        { handler: 'a.b', name: `api-prod-${key}`, ...(settings && { deploymentSettings: settings }) },
      ]),
    ),
    custom: { other: 1, deploymentSettings: custom },
    shared,
    template: {
      Resources: {
        ...RESOURCES,
        ...Object.fromEntries(
          keys.map((key) => [
            `${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction`,
            { Type: 'AWS::Lambda::Function' },
          ]),
        ),
      },
    },
  });
};

const read = (written: Written) => {
  const { problems, ...rest } = readAll(written);
  expect(problems).toEqual([]);
  expect(ShiftSettings.parse(rest.settings)).toEqual(rest.settings);
  return rest;
};
const functionsOf = (written: Written) => read(written).settings.functions;
const problemsOf = (written: Written): string[] => [
  ...new Set(readAll(written).problems.map(({ file, message }) => `${file}: ${message}`)),
];
/** Of one function, in serverless.yml. */
const problemsWith = (settings: Block): string[] =>
  problemsOf({ functions: { hello: settings, check: undefined } }).map((problem) => {
    expect(problem).toMatch(/^services\/api\/serverless\.yml: /);
    return problem.slice('services/api/serverless.yml: '.length);
  });
const at = (key: string) => ({ file: 'services/api/serverless.yml', key });

describe('the settings of a service without any', () => {
  it('ask for nothing: its alias is live, and its shifts are what the stage asks for', () => {
    expect(read({})).toEqual({ alias: 'live', settings: { unit: 'service', hookTimeout: 300, functions: {} } });
    expect(read({ custom: null, functions: { hello: {} } })).toEqual(read({}));
    expect(read({ seed: {} })).toEqual(read({}));
  });
});

describe('the settings of the plug-in serverless-plugin-canary-deployments', () => {
  it('mean the same', () => {
    const functions = {
      hello: {
        type: 'Linear10PercentEvery1Minute',
        alias: 'Live',
        preTrafficHook: 'preHook',
        postTrafficHook: 'postHook',
        alarms: ['Errors', { name: 'BarAlarm' }, { name: { Ref: 'AnyErrors' } }],
        triggerConfigurations: [
          {
            TriggerName: 'failures',
            TriggerEvents: ['DeploymentFailure', 'DeploymentStop'],
            TriggerTargetArn: { Ref: 'Events' },
          },
        ],
      },
      preHook: undefined,
      postHook: undefined,
    };
    const custom = { codeDeployRole: 'arn:aws:iam::123456789012:role/deployer', stages: ['dev', 'prod'] };
    expect(read({ functions, custom })).toEqual({
      alias: 'Live',
      settings: {
        unit: 'service',
        hookTimeout: 300,
        functions: {
          HelloLambdaFunction: {
            shift: { kind: 'linear', percent: 10, minutes: 1 },
            writtenAt: at('functions.hello.deploymentSettings.type'),
            preTrafficHook: 'PreHookLambdaFunction',
            postTrafficHook: 'PostHookLambdaFunction',
            alarms: [{ logicalId: 'Errors' }, { name: 'BarAlarm' }, { logicalId: 'AnyErrors' }],
            triggers: [
              { name: 'failures', events: ['DeploymentFailure', 'DeploymentStop'], topic: { logicalId: 'Events' } },
            ],
          },
        },
      },
    });
  });

  it('ask for nothing in a stage that is not theirs, and name what only the others have', () => {
    const written = {
      functions: { hello: { type: 'AllAtOnce', preTrafficHook: 'check', alarms: ['OnlyInProd'], alias: 'Live' } },
      custom: { stages: ['prod'] },
    };
    expect(read({ ...written, stage: 'dev' })).toMatchObject({ alias: 'Live', settings: { functions: {} } });
    expect(problemsOf({ ...written, stage: 'prod' })).toHaveLength(2);
  });

  it.each([undefined, [], 'prod'])('are for this stage with stages %j', (stages) => {
    expect(functionsOf({ custom: { type: 'AllAtOnce', stages } })).toHaveProperty('HelloLambdaFunction');
  });

  it.each([
    [
      'a role for CodeDeploy, which the owner of the target chooses',
      { codeDeployRole: 'arn:aws:iam::123456789012:role/x' },
    ],
    [
      'a boundary for a role that is not made',
      { codeDeployRolePermissionsBoundary: 'arn:aws:iam::123456789012:policy/x' },
    ],
  ])('may have %s, without effect', (_what, custom) => {
    expect(read({ custom })).toEqual(read({}));
  });
});

describe('settings for several functions', () => {
  it('are for each that is no hook', () => {
    const functions = { hello: undefined, bye: undefined, check: undefined };
    const custom = { type: 'Canary10Percent5Minutes', preTrafficHook: 'check', unit: 'function', hookTimeout: '60' };
    const { settings } = read({ functions, custom });
    expect(settings).toMatchObject({ unit: 'function', hookTimeout: 60 });
    expect(Object.keys(settings.functions)).toEqual(['HelloLambdaFunction', 'ByeLambdaFunction']);
    expect(settings.functions.ByeLambdaFunction).toEqual({
      shift: { kind: 'canary', percent: 10, minutes: 5 },
      writtenAt: at('custom.deploymentSettings.type'),
      preTrafficHook: 'CheckLambdaFunction',
      alarms: [],
      triggers: [],
    });
  });

  it('give way to nearer ones, key by key: function, service, service in seed.yml, seed.yml', () => {
    const written = {
      functions: { hello: { type: 'AllAtOnce' }, bye: undefined, check: undefined },
      custom: { alarms: [{ name: 'custom' }] },
      seed: {
        canary: { percent: 1, minutes: 1 },
        alarms: [{ name: 'all' }],
        postTrafficHook: 'check',
        hookTimeout: 10,
        services: {
          'services/api': { linear: { percent: 50, minutes: 2 }, hookTimeout: 20 },
          other: { unit: 'function' },
        },
      },
    };
    const { unit, hookTimeout, functions } = read(written).settings;
    expect({ unit, hookTimeout }).toEqual({ unit: 'service', hookTimeout: 20 });
    const shared = { alarms: [{ name: 'custom' }], postTrafficHook: 'CheckLambdaFunction', triggers: [] };
    expect(functions).toEqual({
      HelloLambdaFunction: {
        ...shared,
        shift: { kind: 'all-at-once' },
        writtenAt: at('functions.hello.deploymentSettings.type'),
      },
      ByeLambdaFunction: {
        ...shared,
        shift: { kind: 'linear', percent: 50, minutes: 2 },
        writtenAt: { file: 'seed.yml', key: 'shift.services.services/api.linear' },
      },
    });
  });

  it('may be taken away from one function by an empty list', () => {
    const written = { functions: { hello: { alarms: [] }, bye: undefined }, custom: { alarms: [{ name: 'all' }] } };
    expect(functionsOf(written)).toEqual({ ByeLambdaFunction: { alarms: [{ name: 'all' }], triggers: [] } });
  });

  it('name the service’s alias: the service first, then any function, then seed.yml', () => {
    const functions = { hello: { alias: 'Live' }, bye: undefined };
    expect(read({ functions, seed: { alias: 'all' } }).alias).toBe('Live');
    expect(read({ functions, custom: { alias: 'Live' } }).alias).toBe('Live');
    expect(read({ seed: { alias: 'all', services: { 'services/api': { alias: 'mine' } } } }).alias).toBe('mine');
    expect(read({ seed: { alias: 'all', services: { other: { alias: 'mine' } } } }).alias).toBe('all');
  });

  it('find functions as the framework names them, and by their physical name', () => {
    const template = {
      Resources: {
        SendDashmailUnderscorenowLambdaFunction: { Type: 'AWS::Lambda::Function' },
        RenamedByAPlugin: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'api-prod-bye' } },
      },
    };
    const { settings, problems } = readShiftSettings({
      stage: 'prod',
      service: '.',
      file: 'serverless.yml',
      template,
      functions: { 'send-mail_now': {}, bye: { name: 'api-prod-bye' } },
      custom: { deploymentSettings: { type: 'AllAtOnce' } },
      shared: sharedSettings({}, 'seed.yml'),
    });
    expect(problems).toEqual([]);
    expect(Object.keys(settings.functions)).toEqual(['SendDashmailUnderscorenowLambdaFunction', 'RenamedByAPlugin']);
  });

  it('name an alarm once that is listed twice', () => {
    const alarms = ['Errors', { name: 'a' }, 'Errors', { name: { Ref: 'Errors' } }];
    expect(functionsOf({ custom: { alarms } }).HelloLambdaFunction!.alarms).toEqual([
      { logicalId: 'Errors' },
      { name: 'a' },
    ]);
  });
});

describe('the topic of a trigger', () => {
  it.each<[string, unknown, object]>([
    [
      'an ARN',
      'arn:aws:sns:eu-central-1:123456789012:events',
      { name: 'arn:aws:sns:eu-central-1:123456789012:events' },
    ],
    ['a name', 'my-events.fifo', { name: 'my-events.fifo' }],
    ['a logical id', 'Events', { logicalId: 'Events' }],
    ['a Ref', { Ref: 'Events' }, { logicalId: 'Events' }],
    ['its attribute', { 'Fn::GetAtt': ['Events', 'TopicArn'] }, { logicalId: 'Events' }],
    [
      'an ARN put together',
      { 'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:my-events' },
      { name: 'my-events' },
    ],
    [
      'an ARN joined',
      { 'Fn::Join': [':', ['arn:aws:sns', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, 'my-events']] },
      { name: 'my-events' },
    ],
  ])('may be %s', (_, written, topic) => {
    const triggerConfigurations = [{ TriggerEvents: ['DeploymentStart'], TriggerTargetArn: written }];
    expect(functionsOf({ custom: { triggerConfigurations } }).HelloLambdaFunction!.triggers).toEqual([
      { name: 'trigger-1', events: ['DeploymentStart'], topic },
    ]);
  });
});

describe('settings that are wrong', () => {
  const HELLO = 'functions.hello.deploymentSettings';
  const trigger = (more: Block) => ({
    triggerConfigurations: [{ TriggerEvents: ['DeploymentStop'], TriggerTargetArn: 'events', ...more }],
  });

  it.each<[string, Block, string]>([
    [
      'an unknown key',
      { preTrafficHok: 'check' },
      `unknown key "${HELLO}.preTrafficHok"; did you mean "preTrafficHook"?`,
    ],
    [
      'a key that resembles none',
      { enabled: true },
      `unknown key "${HELLO}.enabled"; known keys: type, canary, linear, alias, preTrafficHook, postTrafficHook, ` +
        'alarms, triggerConfigurations',
    ],
    [
      'a setting of the whole service',
      { unit: 'function' },
      `"${HELLO}.unit" is "function", but that is a setting for the whole service; move it to ` +
        '"custom.deploymentSettings.unit"',
    ],
    [
      'an unknown type',
      { type: 'Canary10Percent5Minuts' },
      `"${HELLO}.type" is "Canary10Percent5Minuts", which is not a type of shift; did you mean ` +
        '"Canary10Percent5Minutes"?',
    ],
    [
      'a percentage out of range',
      { linear: { percent: 0, minutes: 1 } },
      `"${HELLO}.linear.percent" is 0; write a whole number from 1 to 99`,
    ],
    [
      'a hook that is no function of the service',
      { preTrafficHook: 'chek' },
      `"${HELLO}.preTrafficHook" is "chek", which is not a function of the service; did you mean "check"?`,
    ],
    [
      'a hook that resembles none',
      { postTrafficHook: 'CodeDeployHook_Other' },
      `"${HELLO}.postTrafficHook" is "CodeDeployHook_Other", which is not a function of the service; use one of ` +
        'its functions: hello, check',
    ],
    [
      'a hook that is no text',
      { postTrafficHook: { Ref: 'CheckLambdaFunction' } },
      `"${HELLO}.postTrafficHook" is {"Ref":"CheckLambdaFunction"}; write the key of a function of this service`,
    ],
    ...[7, '$LATEST', '7', 'a b', 'x'.repeat(129), ''].map((alias): [string, Block, string] => [
      `alias ${JSON.stringify(alias).slice(0, 12)}`,
      { alias },
      `"${HELLO}.alias" is ${JSON.stringify(alias).slice(0, 60)}${String(alias).length > 60 ? '…' : ''}; write ` +
        'letters, digits, "-" or "_", at most 128 and not digits alone, which Lambda takes for a version',
    ]),
    ['alarms that are no list', { alarms: 'Errors' }, `"${HELLO}.alarms" is "Errors"; write a list`],
    [
      'more alarms than CodeDeploy takes',
      { alarms: Array.from({ length: 11 }, (_, index) => ({ name: `a${index}` })) },
      `"${HELLO}.alarms" has 11 entries, and CodeDeploy takes 10 for a function; remove some`,
    ],
    [
      'an alarm that the template does not have',
      { alarms: ['Error'] },
      `"${HELLO}.alarms[0]" is the logical id "Error", which the packaged template does not have; did you mean ` +
        '"Errors"?',
    ],
    [
      'an alarm that is meant by its name',
      { alarms: ['Errors', 'api-5xx'] },
      `"${HELLO}.alarms[1]" is the logical id "api-5xx", which the packaged template does not have; its alarms ` +
        'are Errors, AnyErrors; write "name: api-5xx" if it is the name of an alarm that exists already',
    ],
    [
      'an alarm that is something else',
      { alarms: [{ name: { Ref: 'Orders' } }] },
      `"${HELLO}.alarms[0]" is the logical id "Orders", a resource of type AWS::DynamoDB::Table; its alarms are ` +
        'Errors, AnyErrors; write "name: Orders" if it is the name of an alarm that exists already',
    ],
    [
      'an alarm that nobody can look up',
      { alarms: [{ name: { 'Fn::ImportValue': 'x' } }] },
      `"${HELLO}.alarms[0]" is {"name":{"Fn::ImportValue":"x"}}; write the logical id of an alarm in the ` +
        'template, or "name: " and the name of an alarm that exists already',
    ],
    [
      'a trigger without events',
      trigger({ TriggerEvents: undefined }),
      `"${HELLO}.triggerConfigurations[0].TriggerEvents" is missing; write a list of events, such as DeploymentFailure`,
    ],
    [
      'a trigger for an unknown event',
      trigger({ TriggerEvents: ['DeploymentStop', 'DeploymentFailed'] }),
      `"${HELLO}.triggerConfigurations[0].TriggerEvents[1]" is "DeploymentFailed", which is not an event; did ` +
        'you mean "DeploymentFailure"?',
    ],
    [
      'a trigger with an unknown key',
      trigger({ TriggerTarget: 'x' }),
      `unknown key "${HELLO}.triggerConfigurations[0].TriggerTarget"; did you mean "TriggerTargetArn"?`,
    ],
    [
      'a trigger without a topic',
      trigger({ TriggerTargetArn: undefined }),
      `"${HELLO}.triggerConfigurations[0].TriggerTargetArn" is missing; write the name or ARN of an SNS topic, ` +
        'or "Ref" and a topic of the template',
    ],
    [
      'a trigger with a topic of another stack',
      trigger({ TriggerTargetArn: { 'Fn::ImportValue': 'x' } }),
      `"${HELLO}.triggerConfigurations[0].TriggerTargetArn" is {"Fn::ImportValue":"x"}; write the name or ARN of ` +
        'an SNS topic, or "Ref" and a topic of the template',
    ],
    [
      'a trigger with a topic that is none',
      trigger({ TriggerTargetArn: { Ref: 'Orders' } }),
      `"${HELLO}.triggerConfigurations[0].TriggerTargetArn" is the logical id "Orders", a resource of type ` +
        'AWS::DynamoDB::Table; its topics are Events; write the ARN of a topic that exists already',
    ],
    [
      'a trigger that is none',
      { triggerConfigurations: ['Events'] },
      `"${HELLO}.triggerConfigurations[0]" is "Events"; write a map with TriggerName, TriggerEvents, TriggerTargetArn`,
    ],
  ])('are refused: %s', (_, settings, message) => {
    expect(problemsWith(settings)).toEqual([message]);
  });

  it('are refused: two triggers of one name, and more than CodeDeploy takes', () => {
    const { triggerConfigurations } = trigger({ TriggerName: 'mine' });
    expect(problemsWith({ triggerConfigurations: [triggerConfigurations[0], triggerConfigurations[0]] })).toEqual([
      `"${HELLO}.triggerConfigurations[1].TriggerName" is "mine", but another trigger is called "mine" already; ` +
        'give each trigger a name of its own',
    ]);
    const many = Array.from({ length: 11 }, () => trigger({}).triggerConfigurations[0]);
    expect(problemsWith({ triggerConfigurations: many })).toEqual([
      `"${HELLO}.triggerConfigurations" has 11 entries, and CodeDeploy takes 10 for a function; remove some`,
    ]);
  });

  it.each<[string, Block, string]>([
    [
      'a unit that is none',
      { unit: 'stage' },
      '"custom.deploymentSettings.unit" is "stage"; write service or function',
    ],
    [
      'a time-out that no function has',
      { hookTimeout: 901 },
      '"custom.deploymentSettings.hookTimeout" is 901; write a whole number of seconds from 1 to 900',
    ],
    [
      'stages that are none',
      { stages: { prod: true } },
      '"custom.deploymentSettings.stages" is {"prod":true}; write a list of stages',
    ],
  ])('are refused for a service: %s', (_, custom, message) => {
    expect(problemsOf({ custom })).toEqual([`services/api/serverless.yml: ${message}`]);
  });

  it.each([
    ['shifts gradually', { canary: { percent: 5, minutes: 5 } }],
    ['has a hook', { type: 'AllAtOnce', preTrafficHook: 'hello' }],
    ['has alarms', { alarms: ['Errors'] }],
  ])('are refused: a hook that %s itself', (_, check) => {
    const functions = { hello: { preTrafficHook: 'check' }, check };
    expect(problemsOf({ functions })).toContain(
      'services/api/serverless.yml: "functions.check.deploymentSettings" shifts function "check" gradually, but ' +
        'it is the hook of "functions.hello.deploymentSettings.preTrafficHook" (services/api/serverless.yml), and ' +
        'a hook has to be whole before it tests others; remove one of the two',
    );
  });

  it('are refused: a function that is its own hook', () => {
    const functions = { hello: { type: 'Canary10Percent5Minutes', postTrafficHook: 'hello' } };
    expect(problemsOf({ functions })).toEqual([expect.stringContaining('it is the hook of "functions.hello')]);
  });

  it('are taken from a hook that moves at once, under the alias of all', () => {
    const functions = {
      hello: { preTrafficHook: 'check', alias: 'Live' },
      check: { type: 'AllAtOnce', alias: 'Live' },
    };
    expect(Object.keys(functionsOf({ functions }))).toEqual(['HelloLambdaFunction']);
  });

  it('are refused for a function that the template does not have', () => {
    expect(problemsOf({ functions: { hello: { type: 'AllAtOnce' } }, without: ['hello'] })).toEqual([
      `services/api/serverless.yml: "${HELLO}" is for function "hello", which the packaged template does not ` +
        'have; remove the settings, or whatever takes the function out',
    ]);
    expect(functionsOf({ functions: { hello: {} }, custom: { type: 'AllAtOnce' }, without: ['hello'] })).toEqual({});
  });

  it('are refused with several aliases in one service', () => {
    expect(problemsOf({ functions: { hello: { alias: 'Live' }, bye: { alias: 'live' } } })).toEqual([
      'services/api/serverless.yml: "functions.bye.deploymentSettings.alias" is "live", but ' +
        '"functions.hello.deploymentSettings.alias" is "Live"; a service has one alias for all its functions: ' +
        'write the same, or only "custom.deploymentSettings.alias"',
    ]);
    expect(problemsOf({ functions: { hello: { alias: 'Live' } }, custom: { alias: 'main' } })).toHaveLength(1);
  });

  it('of seed.yml that do not fit the service name both', () => {
    expect(problemsOf({ functions: { hello: undefined, bye: undefined }, seed: { preTrafficHook: 'check' } })).toEqual([
      'seed.yml: "shift.preTrafficHook" is "check", which is not a function of the service; use one of its ' +
        'functions: hello, bye',
    ]);
  });

  it('are told at once also in one list: what is written wrong, and what the template does not have', () => {
    const triggerConfigurations = [{ TriggerEvents: ['Stop'], TriggerTargetArn: { Ref: 'Orders' } }];
    expect(problemsWith({ alarms: [{ name: 7 }, 'Error'], triggerConfigurations })).toEqual([
      expect.stringContaining('.alarms[0]" is {"name":7}; write the logical id'),
      expect.stringContaining('.triggerConfigurations[0].TriggerEvents[0]" is "Stop", which is not an event'),
      expect.stringContaining('.alarms[1]" is the logical id "Error", which the packaged template does not have'),
      expect.stringContaining('.triggerConfigurations[0].TriggerTargetArn" is the logical id "Orders", a resource of'),
    ]);
  });

  it('are told all at once, wherever they are', () => {
    const functions = { hello: { type: 'x', preTrafficHook: 'y' }, bye: { alias: '1', alarms: ['Z'] } };
    expect(problemsOf({ functions, custom: { unit: 'z' }, seed: { postTrafficHook: 'w' } })).toHaveLength(6);
  });
});
