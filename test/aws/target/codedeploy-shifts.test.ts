import {
  BatchGetDeploymentsCommand,
  CodeDeployClient,
  CodeDeployServiceException,
  CreateDeploymentCommand,
  DeploymentAlreadyCompletedException,
  type DeploymentInfo,
  DeploymentLimitExceededException,
  LifecycleEventAlreadyCompletedException,
  ListDeploymentsCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { mockClient } from 'aws-sdk-client-mock';
import { codeDeployShifts } from '../../../lib/aws/target/codedeploy-shifts';
import { TestClock } from '../../test-clock';

const client = mockClient(CodeDeployClient);
const shifts = (clock?: TestClock) => codeDeployShifts(new CodeDeployClient({ region: 'eu-central-1' }), { clock });
const refusal = { message: 'refused', $metadata: {} };
const denied = new CodeDeployServiceException({ name: 'AccessDeniedException', $fault: 'client', ...refusal });

const APPLICATION = 'seedbed-shop-prod-orders-0123456789';
const request = {
  group: 'List',
  functionName: 'orders-prod-list',
  alias: 'live',
  currentVersion: '1',
  targetVersion: '2',
  hooks: ['BeforeAllowTraffic', 'AfterAllowTraffic'],
  description: 'List of orders',
} as const;
const anInfo = (more: DeploymentInfo = {}): DeploymentInfo => ({
  deploymentId: 'd-1',
  applicationName: APPLICATION,
  deploymentGroupName: 'List',
  description: 'List of orders',
  status: 'InProgress',
  creator: 'user',
  createTime: new Date('2026-01-02T03:04:05.678Z'),
  ...more,
});
const statusOf = async (more: DeploymentInfo) => {
  client.on(BatchGetDeploymentsCommand).resolves({ deploymentsInfo: [anInfo(more)] });
  return (await shifts().statuses(['d-1']))[0];
};

beforeEach(() => client.reset());

describe('starting', () => {
  it('names function, alias, versions and the platform’s hooks of each moment', async () => {
    client.on(CreateDeploymentCommand).resolves({ deploymentId: 'd-1' });
    expect(await shifts().start(APPLICATION, request)).toEqual({ deploymentId: 'd-1' });
    const { revision, ...input } = client.commandCalls(CreateDeploymentCommand)[0]!.args[0].input;
    expect(input).toEqual({
      applicationName: APPLICATION,
      deploymentGroupName: 'List',
      description: 'List of orders',
    });
    expect(revision!.revisionType).toBe('AppSpecContent');
    expect(JSON.parse(revision!.appSpecContent!.content!)).toEqual({
      version: '0.0',
      Resources: [
        {
          Function: {
            Type: 'AWS::Lambda::Function',
            Properties: { Name: 'orders-prod-list', Alias: 'live', CurrentVersion: '1', TargetVersion: '2' },
          },
        },
      ],
      Hooks: [
        { BeforeAllowTraffic: 'CodeDeployHook_SeedbedBeforeTraffic' },
        { AfterAllowTraffic: 'CodeDeployHook_SeedbedAfterTraffic' },
      ],
    });
  });

  it('takes the limit of one deployment a group for busy', async () => {
    client.on(CreateDeploymentCommand).rejects(new DeploymentLimitExceededException(refusal));
    expect(await shifts().start(APPLICATION, request)).toBe('busy');
  });

  it('begins at most ten deployments a second', async () => {
    const clock = new TestClock(0);
    const begins: number[] = [];
    client.on(CreateDeploymentCommand).callsFake(() => {
      begins.push(clock.now());
      return { deploymentId: `d-${begins.length}` };
    });
    const port = shifts(clock);
    const starts = Array.from({ length: 15 }, () => port.start(APPLICATION, request));
    await Promise.all(starts.slice(0, 10));
    expect(clock.due()).toEqual(Array(5).fill(1_000));
    clock.windOn(1_000);
    await Promise.all(starts);
    expect(begins).toEqual([...Array(10).fill(0), ...Array(5).fill(1_000)]);
  });
});

describe('statuses', () => {
  it.each([
    ['Created', 'running'],
    ['Queued', 'running'],
    ['InProgress', 'running'],
    ['Baking', 'running'],
    ['Ready', 'running'],
    ['Succeeded', 'succeeded'],
    ['Failed', 'failed'],
    ['Stopped', 'stopped'],
  ] as const)('take %s for %s', async (status, expected) => {
    expect(await statusOf({ status })).toEqual({
      deploymentId: 'd-1',
      application: APPLICATION,
      group: 'List',
      description: 'List of orders',
      status: expected,
      error: undefined,
      rollback: undefined,
      isRollback: false,
      createdAt: '2026-01-02T03:04:05.678Z',
    });
  });

  it('tell what went wrong and which deployment undoes it', async () => {
    const errorInformation = { code: 'ALARM_ACTIVE' as const, message: 'orders-errors' };
    const found = await statusOf({
      status: 'Stopped',
      errorInformation,
      rollbackInfo: { rollbackDeploymentId: 'd-2' },
    });
    expect(found).toMatchObject({
      error: { code: 'ALARM_ACTIVE', message: 'orders-errors' },
      rollback: 'd-2',
      isRollback: false,
    });
  });

  it.each<[string, DeploymentInfo]>([
    ['its creator', { creator: 'codeDeployRollback' }],
    ['what triggered it', { rollbackInfo: { rollbackTriggeringDeploymentId: 'd-0' } }],
  ])('know a rollback by %s', async (_, info) => {
    expect(await statusOf(info)).toMatchObject({ isRollback: true, rollback: undefined });
  });

  it('ask for 25 deployments a call, and not at all for none', async () => {
    client.on(BatchGetDeploymentsCommand).resolves({ deploymentsInfo: [] });
    expect(await shifts().statuses([])).toEqual([]);
    await shifts().statuses(Array.from({ length: 60 }, (_, index) => `d-${index}`));
    const batches = client.commandCalls(BatchGetDeploymentsCommand);
    expect(batches.map(({ args }) => args[0].input.deploymentIds!.length)).toEqual([25, 25, 10]);
  });
});

describe('open deployments', () => {
  it('are those under way of applications with the prefix, of all pages', async () => {
    client
      .on(ListDeploymentsCommand)
      .resolvesOnce({ deployments: ['d-1', 'd-2'], nextToken: 'more' })
      .resolves({ deployments: ['d-3', 'd-4'] });
    client.on(BatchGetDeploymentsCommand).resolves({
      deploymentsInfo: [
        anInfo({ deploymentId: 'd-1' }),
        anInfo({ deploymentId: 'd-2', applicationName: 'somebody-elses' }),
        anInfo({ deploymentId: 'd-3', status: 'Succeeded' }),
        anInfo({ deploymentId: 'd-4', status: 'Queued', creator: 'codeDeployRollback' }),
      ],
    });
    const open = await shifts().open('seedbed-');
    expect(open.map(({ deploymentId, isRollback }) => [deploymentId, isRollback])).toEqual([
      ['d-1', false],
      ['d-4', true],
    ]);
    const [first, second] = client.commandCalls(ListDeploymentsCommand).map(({ args }) => args[0].input);
    expect(first).toEqual({ includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] });
    expect(second!.nextToken).toBe('more');
  });
});

describe('stopping', () => {
  it('rolls back', async () => {
    client.on(StopDeploymentCommand).resolves({ status: 'Pending' });
    await shifts().stop('d-1');
    expect(client.commandCalls(StopDeploymentCommand)[0]!.args[0].input).toEqual({
      deploymentId: 'd-1',
      autoRollbackEnabled: true,
    });
  });

  it('leaves what has ended as it is, and hides no other error', async () => {
    client.on(StopDeploymentCommand).rejectsOnce(new DeploymentAlreadyCompletedException(refusal)).rejects(denied);
    await shifts().stop('d-1');
    await expect(shifts().stop('d-1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('reporting a hook', () => {
  const hook = { deploymentId: 'd-1', executionId: 'execution-1', status: 'Succeeded' } as const;

  it('names the hook’s execution', async () => {
    client.on(PutLifecycleEventHookExecutionStatusCommand).resolves({});
    await shifts().reportHook(hook);
    expect(client.commandCalls(PutLifecycleEventHookExecutionStatusCommand)[0]!.args[0].input).toEqual({
      deploymentId: 'd-1',
      lifecycleEventHookExecutionId: 'execution-1',
      status: 'Succeeded',
    });
  });

  it('is done if it was reported before, and hides no other error', async () => {
    client
      .on(PutLifecycleEventHookExecutionStatusCommand)
      .rejectsOnce(new LifecycleEventAlreadyCompletedException(refusal))
      .rejects(denied);
    await shifts().reportHook(hook);
    await expect(shifts().reportHook(hook)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

it('throttling that outlasts the retries becomes an error that is tried again', async () => {
  const throttled = new CodeDeployServiceException({
    name: 'ThrottlingException',
    $fault: 'client',
    message: 'Rate exceeded',
    $metadata: {},
  });
  client.rejects(throttled);
  const port = shifts();
  const attempts = [
    port.ensureGroups(APPLICATION, []),
    port.start(APPLICATION, request),
    port.statuses(['d-1']),
    port.open('seedbed-'),
    port.stop('d-1'),
    port.reportHook({ deploymentId: 'd-1', executionId: 'e', status: 'Failed' }),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'Throttled' });
});
