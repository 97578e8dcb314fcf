import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { readBody } from '../../lib/local/calls/read-body';
import { CodeDeploy } from '../../lib/local/codedeploy/code-deploy';
import { TestClock } from '../test-clock';
import { eventually, PATIENCE } from './a-cloud';
import { anAppSpec } from './a-shift';

jest.setTimeout(PATIENCE);

const CALLER = {
  accountId: '111122223333',
  region: 'us-east-1',
  accessKey: '111122223333',
  arn: 'arn:aws:iam::1:root',
};
const DAY = 1440;
/** An hour takes a second. */
const SPEED = 3600;
const minutes = (count: number) => (count * 60_000) / SPEED;
/** So often CodeDeploy looks at alarms, and no more often when its time is compressed. */
const NEXT_LOOK = 250;

const SESSION = { accessKey: 'x', secretKey: 'x', token: 'x' };

/** Answers for Lambda and CloudWatch as it is told, and remembers how the alias moved. */
class FakeEmulator {
  readonly moves: string[] = [];
  readonly invoked: string[] = [];
  alarms: readonly string[] | 'down' = [];
  hooksAnswer = 202;
  #alias: object = { FunctionVersion: '1' };
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request).then(([status, body]) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
  });

  async listen(): Promise<EmulatorClient> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return new EmulatorClient((this.#server.address() as AddressInfo).port, async () => ({}));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const text = (await readBody(request)).toString('utf8');
    const body = JSON.parse(text || '{}');
    const { method, url = '' } = request;
    if (url === '/_seedbed/session') return [200, SESSION];
    if (request.headers['x-amz-target']) {
      if (this.alarms === 'down') return [500, { __type: 'InternalServiceFault', message: 'down' }];
      return [200, { MetricAlarms: this.alarms.map((AlarmName) => ({ AlarmName, StateValue: 'ALARM' })) }];
    }
    if (url.endsWith('/invocations')) {
      this.invoked.push(body.LifecycleEventHookExecutionId);
      return [this.hooksAnswer, this.hooksAnswer < 300 ? {} : { message: 'too many requests' }];
    }
    if (method === 'PUT') {
      const { FunctionVersion, RoutingConfig } = body;
      this.#alias = body;
      const weights = Object.entries(RoutingConfig.AdditionalVersionWeights).map(
        ([version, part]) => `${part} of ${version}`,
      );
      this.moves.push([FunctionVersion, ...weights].join(' + '));
    }
    return [200, this.#alias];
  }
}

describe('a deployment, seen from Lambda', () => {
  let emulator: FakeEmulator;
  let client: EmulatorClient;
  let codeDeploy: CodeDeploy;
  let clock: TestClock;
  const events: string[] = [];

  beforeEach(async () => {
    emulator = new FakeEmulator();
    client = await emulator.listen();
    events.length = 0;
    const emit = async (_: unknown, { detail }: { detail: Readonly<Record<string, unknown>> }) => {
      events.push(String(detail.state));
    };
    clock = new TestClock();
    codeDeploy = new CodeDeploy({ emulator: client, emit, speed: SPEED, clock });
    await call('CreateApplication', { applicationName: 'app', computePlatform: 'Lambda' });
  });
  afterEach(async () => {
    await codeDeploy.stopAll();
    client.close();
    emulator.close();
  });

  // biome-ignore lint/suspicious/noExplicitAny: the answers are as the API reference has them
  const call = async (operation: string, input: unknown): Promise<any> =>
    codeDeploy.operations[operation]?.(input, CALLER);
  const deploy = async (
    routing: object,
    { group = {}, hook }: { group?: object; hook?: string } = {},
  ): Promise<string> => {
    const configuration = { deploymentConfigName: 'pace', computePlatform: 'Lambda', trafficRoutingConfig: routing };
    await call('CreateDeploymentConfig', configuration);
    await call('CreateDeploymentGroup', {
      applicationName: 'app',
      deploymentGroupName: 'group',
      deploymentConfigName: 'pace',
      serviceRoleArn: 'arn:aws:iam::111122223333:role/r',
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
      ...group,
    });
    const content = anAppSpec({ name: 'f', before: hook });
    const { deploymentId } = await call('CreateDeployment', {
      applicationName: 'app',
      deploymentGroupName: 'group',
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
    });
    return deploymentId;
  };
  const read = async (deploymentId: string) => (await call('GetDeployment', { deploymentId })).deploymentInfo;
  const ended = (id: string) =>
    eventually(async () => {
      const info = await read(id);
      return info.completeTime ? info : undefined;
    });
  const canary = (canaryInterval: number) => ({
    type: 'TimeBasedCanary',
    timeBasedCanary: { canaryPercentage: 10, canaryInterval },
  });
  const ALARMS = { alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } };

  it('is created first, then in progress', async () => {
    const id = await deploy(canary(DAY));
    expect(await read(id)).toMatchObject({ status: 'Created', deploymentOverview: { Pending: 1 } });
    await eventually(async () => (await read(id)).status === 'InProgress' || undefined);
  });

  it('moves a canary in two steps', async () => {
    const id = await deploy(canary(1));
    await clock.passes(minutes(1));
    await ended(id);
    expect(emulator.moves).toEqual(['1 + 0.1 of 2', '2']);
  });

  it('moves linearly in as many steps as it takes', async () => {
    const linear = { linearPercentage: 30, linearInterval: 1 };
    const id = await deploy({ type: 'TimeBasedLinear', timeBasedLinear: linear });
    for (let step = 1; step < 4; step += 1) await clock.passes(minutes(1));
    await ended(id);
    expect(emulator.moves).toEqual(['1 + 0.3 of 2', '1 + 0.6 of 2', '1 + 0.9 of 2', '2']);
    await eventually(async () => events.length === 2 || undefined);
    expect(events).toEqual(['START', 'SUCCESS']);
  });

  it('waits a second for an hour at a speed of 3600', async () => {
    const id = await deploy(canary(60));
    await clock.asleepFor(1_000);
    clock.windOn(999);
    expect(clock.due()).toContain(1);
    expect(emulator.moves).toEqual(['1 + 0.1 of 2']);
    clock.windOn(1);
    await ended(id);
  });

  it('gives up a hook that cannot be invoked for five minutes, and asked again meanwhile', async () => {
    emulator.hooksAnswer = 429;
    const id = await deploy(canary(1), { hook: 'hook' });
    await clock.passes(500);
    expect(await ended(id)).toMatchObject({ status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
    expect(emulator.invoked.length).toBeGreaterThan(1);
    const { deploymentTarget } = await call('GetDeploymentTarget', { deploymentId: id, targetId: 'f:live' });
    expect(deploymentTarget.lambdaTarget.lifecycleEvents[0].diagnostics.message).toBe(
      'The function hook could not be invoked: too many requests',
    );
  });

  it('takes the outcome of a hook once', async () => {
    const deploymentId = await deploy(canary(DAY), { hook: 'hook' });
    const executionId = await eventually(async () => emulator.invoked[0]);
    const report = (lifecycleEventHookExecutionId: string, status: string) =>
      call('PutLifecycleEventHookExecutionStatus', { deploymentId, lifecycleEventHookExecutionId, status });
    await expect(report('nobody', 'Succeeded')).rejects.toMatchObject({
      code: 'InvalidLifecycleEventHookExecutionIdException',
    });
    await expect(report(executionId, 'Pending')).rejects.toMatchObject({
      code: 'InvalidLifecycleEventHookExecutionStatusException',
    });
    await report(executionId, 'Succeeded');
    await expect(report(executionId, 'Failed')).rejects.toMatchObject({
      code: 'LifecycleEventAlreadyCompletedException',
    });
    await eventually(async () => emulator.moves[0]);
  });

  it('stops when an alarm goes off, and is followed by its rollback', async () => {
    const id = await deploy(canary(DAY), { group: ALARMS });
    await eventually(async () => emulator.moves[0]);
    emulator.alarms = ['errors'];
    await clock.passes(NEXT_LOOK);
    const { status, rollbackInfo } = await ended(id);
    expect(status).toBe('Stopped');
    await ended(rollbackInfo.rollbackDeploymentId);
    expect(emulator.moves).toEqual(['1 + 0.1 of 2', '1']);
    await eventually(async () => events.length === 4 || undefined);
    expect(events).toEqual(['START', 'STOP', 'START', 'SUCCESS']);
  });

  it('stops when nobody can tell how its alarms are', async () => {
    emulator.alarms = 'down';
    expect(await ended(await deploy(canary(DAY), { group: ALARMS }))).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'ALARM_ACTIVE', message: expect.stringContaining('could not be retrieved') },
    });
  });

  it('goes on all the same when its group says so', async () => {
    emulator.alarms = 'down';
    const alarmConfiguration = { ...ALARMS.alarmConfiguration, ignorePollAlarmFailure: true };
    const id = await deploy(canary(1), { group: { alarmConfiguration } });
    await clock.passes(minutes(1));
    expect((await ended(id)).status).toBe('Succeeded');
  });

  it('ends with the cloud where it is', async () => {
    const id = await deploy(canary(DAY));
    await eventually(async () => emulator.moves[0]);
    await codeDeploy.stopAll();
    expect((await read(id)).status).toBe('InProgress');
    expect(emulator.moves).toEqual(['1 + 0.1 of 2']);
  });
});
