import { parseAssignments } from '../../../lib/core/sam/assignments';
import { NO_SAM_CONFIG, readSamConfig } from '../../../lib/core/sam/sam-config';

const read = (config: unknown, stages: readonly string[] = ['dev']) =>
  readSamConfig(config, { stages, region: 'eu-west-1', file: 'samconfig.toml' });

describe('reading samconfig', () => {
  const deploy = (parameters: object) => ({ deploy: { parameters } });

  it('takes the environment of the stage, or of the stage whose settings it has, else default', () => {
    const config = {
      version: 0.1,
      default: deploy({ stack_name: 'api-default' }),
      dev: deploy({ stack_name: 'api-dev' }),
    };
    expect(read(config).config).toMatchObject({ environment: 'dev', stackName: 'api-dev' });
    expect(read(config, ['pr-1', 'dev']).config).toMatchObject({ environment: 'dev' });
    expect(read(config, ['prod']).config).toMatchObject({ environment: 'default', stackName: 'api-default' });
  });

  it.each([{}, { prod: {} }, undefined, { default: 'x' }])('has nothing to say with %j', (config) => {
    expect(read(config)).toEqual({ config: NO_SAM_CONFIG, problems: [] });
  });

  it('reads what concerns a stack, the command before what is for all', () => {
    const { config, problems } = read({
      default: {
        global: { parameters: { stack_name: 'all', parameter_overrides: 'A=1 B=2', tags: 'team=shop' } },
        build: { parameters: { template_file: 'infra/app.yaml', cached: true } },
        ...deploy({ stack_name: 'own', parameter_overrides: ['B=3'], notification_arns: 'arn:x', role_arn: 'arn:r' }),
      },
    });
    expect(problems).toEqual([]);
    expect(config).toEqual({
      environment: 'default',
      templateFile: 'infra/app.yaml',
      stackName: 'own',
      parameters: { A: '1', B: '3' },
      tags: { team: 'shop' },
      notificationArns: ['arn:x'],
      roleArn: 'arn:r',
      disableRollback: undefined,
      told: [],
    });
  });

  it('tells what it does otherwise', () => {
    const { config } = read({
      default: { build: { parameters: { use_container: true } }, ...deploy({ region: 'us-east-1' }) },
    });
    expect(config.told).toEqual([
      'samconfig.toml: "default" is for region us-east-1; the service is deployed to eu-west-1',
      expect.stringMatching(/"use_container" is not followed/),
    ]);
  });

  it.each([
    [{ stack_name: 'my api' }, /"dev\.deploy\.parameters\.stack_name" is "my api"; write letters/],
    [{ parameter_overrides: 'A' }, /parameter_overrides" is "A", and "A" is no "Name=value"/],
    [{ parameter_overrides: 7 }, /parameter_overrides" is 7; write a text such as/],
    [{ tags: { 'seedbed:app': 'x' } }, /the tag "seedbed:app" cannot be given: it is Seedbed's own/],
    [{ tags: 'aws:x=1' }, /begin with "aws:"/],
    [{ disable_rollback: 'no' }, /disable_rollback" is "no"; write true or false/],
  ])('says what is wrong with %j', (parameters, message) => {
    expect(
      read({ dev: deploy(parameters) })
        .problems.map((one) => one.message)
        .join('\n'),
    ).toMatch(message);
  });
});

describe('reading assignments', () => {
  it.each([
    ['A=1 B=2', { A: '1', B: '2' }],
    ['A="two words" B=\'x y\'', { A: 'two words', B: 'x y' }],
    ['"A=two words"', { A: 'two words' }],
    ['A=say \\"hi\\"', undefined],
    ['A="say \\"hi\\""', { A: 'say "hi"' }],
    ['A=b=c A=', { A: '' }],
    ['ParameterKey=A,ParameterValue=x,y', { A: 'x,y' }],
    ['', {}],
  ])('reads %j', (text, values) => {
    const read = parseAssignments(text);
    if (values === undefined) expect(read.problem).toBeDefined();
    else expect(read).toEqual({ values });
  });

  it('reads lists and maps', () => {
    expect(parseAssignments(['A=1', 'B=2 C=3']).values).toEqual({ A: '1', B: '2', C: '3' });
    expect(parseAssignments({ A: '1' }).values).toEqual({ A: '1' });
  });

  it('refuses a quotation mark that is not closed', () => {
    expect(parseAssignments('A="x').problem).toMatch(/not closed/);
  });
});
