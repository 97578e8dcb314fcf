import { NO_STACK_SETTINGS, type StackSettings } from '../../../lib/core/contracts/stack-settings';
import { stackInputs } from '../../../lib/core/deploy/stack-inputs';
import { aTemplate } from '../template/build-template';

const OURS = { 'seedbed:app': 'shop' };
const settings = (some: Partial<StackSettings>): StackSettings => ({ ...NO_STACK_SETTINGS, ...some });
const template = (Parameters: object = {}) => aTemplate({}, { Parameters: Parameters as never });

describe('the tags of a stack', () => {
  const tags = (found: Record<string, string> | undefined, wanted = {}, former?: Record<string, string>) =>
    stackInputs(
      { stack: found && { tags: found }, settings: former && settings({ tags: former }) },
      { settings: settings({ tags: wanted }), ours: OURS, current: undefined, next: template() },
    ).tags;

  it('are what the service says, what Seedbed says, and what others gave it, but for what only AWS gives', () => {
    expect(tags({ team: 'pay', 'aws:servicecatalog:x': 'y', 'seedbed:app': 'old' }, { owner: 'a' })).toEqual({
      team: 'pay',
      owner: 'a',
      'seedbed:app': 'shop',
    });
    expect(tags(undefined)).toEqual({ 'seedbed:app': 'shop' });
  });

  it('follow the service, also where it has one no more', () => {
    expect(tags({ owner: 'a', cost: '1', other: 'x' }, { owner: 'b' }, { owner: 'a', cost: '1' })).toEqual({
      owner: 'b',
      other: 'x',
      'seedbed:app': 'shop',
    });
  });

  it('are no more than a stack takes', () => {
    const others = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`other-${index}`, '']));
    const own = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`own-${index}`, '']));
    expect(Object.keys(tags(others, own(9)))).toHaveLength(50);
    expect(() => tags(others, own(10))).toThrow(
      'the stack would have 51 tags, and CloudFormation takes 50: 11 of "provider.stackTags", the framework and Seedbed ' +
        '(seedbed:app, seedbed:stage, seedbed:service), and 40 that it has from elsewhere (other-0, other-1, other-2 and 37 more)',
    );
  });
});

describe('a parameter of a template', () => {
  const given = (
    values: Record<string, string>,
    current: object | undefined,
    next: object,
    { wanted = {}, former }: { wanted?: StackSettings['parameters']; former?: StackSettings['parameters'] } = {},
  ) =>
    stackInputs(
      { stack: { tags: {}, parameters: values }, settings: former && settings({ parameters: former }) },
      {
        settings: settings({ parameters: wanted }),
        ours: OURS,
        current: current && template(current),
        next: template(next),
      },
    ).parameters;
  const sandbox = { Table: { Type: 'String', Default: 'sandbox' } };

  it('has the value that the service says', () => {
    expect(given({}, undefined, sandbox, { wanted: { Table: 'real' } })).toEqual({ Table: 'real' });
    expect(given({ Table: 'old' }, sandbox, sandbox, { wanted: { Table: 'real' } })).toEqual({ Table: 'real' });
  });

  it('has its default again where the service says a value no more', () => {
    expect(given({ Table: 'real' }, sandbox, sandbox, { former: { Table: 'real' } })).toEqual({});
  });

  it('keeps the value that the stack was given, and what the service says should stay', () => {
    const vpc = { Vpc: { Type: 'String', Default: 'none' } };
    expect(given({ Vpc: 'vpc-1' }, vpc, vpc)).toEqual({ Vpc: null });
    expect(given({ Secret: '****' }, { Secret: { NoEcho: true } }, { Secret: { NoEcho: true } })).toEqual({
      Secret: null,
    });
    expect(given({ Vpc: 'none' }, vpc, { Vpc: { Default: 'other' } }, { wanted: { Vpc: null } })).toEqual({
      Vpc: null,
    });
  });

  it('follows the next template with a default that was never overridden', () => {
    const size = (Default: number) => ({ Size: { Type: 'Number', Default } });
    expect(given({ Size: '1' }, size(1), size(2))).toEqual({});
  });

  it('keeps a value whose default is gone, and all where the template cannot be read', () => {
    expect(given({ Size: '1' }, { Size: { Default: 1 } }, { Size: { Type: 'Number' } })).toEqual({ Size: null });
    expect(given({ Size: '1' }, undefined, { Size: { Default: 1 } })).toEqual({ Size: null });
  });

  it('that a template was made with has to be what the stack has, unless that follows a default', () => {
    const inputs = (has: string, madeWith: Record<string, string>) =>
      stackInputs(
        { stack: { tags: {}, parameters: { Stage: has } } },
        {
          settings: settings({ madeWith }),
          ours: OURS,
          current: template({ Stage: { Default: 'old' } }),
          next: template({ Stage: { Default: 'dev' } }),
        },
      ).parameters;
    expect(inputs('old', { Stage: 'dev' })).toEqual({});
    expect(inputs('dev', { Stage: 'dev' })).toEqual({ Stage: null });
    expect(() => inputs('prod', { Stage: 'dev' })).toThrow(
      /has "prod" for the parameter "Stage".*parameter_overrides = "Stage=prod"/,
    );
  });

  it('is not given if the next template does not have it', () => {
    expect(given({ Gone: '1' }, { Gone: {} }, {})).toEqual({});
  });

  it('that has no value anywhere is named, with where to write one', () => {
    expect(() => given({}, undefined, { Table: { Type: 'String' }, Size: { Type: 'Number' } })).toThrow(
      'the template\'s parameters "Table", "Size" have no value: write one in serverless.yml, key ' +
        '"provider.stackParameters", or a "Default" under "resources.Parameters"',
    );
    expect(() => given({}, undefined, { Table: {} }, { wanted: { Table: null } })).toThrow('"Table" has no value');
  });
});

describe('what else the service says of its stack', () => {
  const inputs = (now: Partial<StackSettings>, before?: Partial<StackSettings>) => {
    const {
      tags: _tags,
      parameters: _parameters,
      ...more
    } = stackInputs(
      { settings: before && settings(before) },
      { settings: settings(now), ours: OURS, current: undefined, next: template() },
    );
    return more;
  };
  const all: Partial<StackSettings> = {
    notificationArns: ['arn:aws:sns:eu-west-1:111122223333:events'],
    policy: [{ Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: 'LogicalResourceId/Table' }],
    rollback: { alarms: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors'], minutes: 5 },
    disableRollback: true,
  };

  it('is given to it', () => {
    expect(inputs(all)).toEqual(all);
  });

  it('stays as it is where the service has never said anything', () => {
    expect(inputs({})).toEqual({ disableRollback: false });
  });

  it('is taken back where the service says it no more', () => {
    expect(inputs({}, all)).toEqual({
      notificationArns: [],
      policy: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
      rollback: { alarms: [] },
      disableRollback: false,
    });
  });
});
