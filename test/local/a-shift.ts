import { createHash } from 'node:crypto';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  CreateDeploymentConfigCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  type DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  type LambdaTarget,
  type TrafficRoutingConfig,
} from '@aws-sdk/client-codedeploy';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  type LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { type ACloud, aZip, eventually, ROLE } from './a-cloud';

/** What an AppSpec file says. */
export interface AnAppSpec {
  readonly name: string;
  readonly current?: string;
  readonly target?: string;
  readonly alias?: string;
  readonly before?: string;
  readonly after?: string;
}

/** @returns an AppSpec file in JSON, from version 1 to version 2 of the alias `live`. */
export function anAppSpec({ name, current = '1', target = '2', alias = 'live', before, after }: AnAppSpec): string {
  const Properties = { Name: name, Alias: alias, CurrentVersion: current, TargetVersion: target };
  return JSON.stringify({
    version: 0.0,
    Resources: [{ F: { Type: 'AWS::Lambda::Function', Properties } }],
    Hooks: [...(before ? [{ BeforeAllowTraffic: before }] : []), ...(after ? [{ AfterAllowTraffic: after }] : [])],
  });
}

/** Everything that tests of shifts do with a local cloud. */
export class ShiftingCloud {
  readonly codeDeploy: CodeDeployClient;
  readonly lambda: LambdaClient;
  readonly cloudWatch: CloudWatchClient;
  #count = 0;

  constructor(readonly at: ACloud) {
    this.codeDeploy = new CodeDeployClient(at.client);
    this.lambda = at.lambda;
    this.cloudWatch = new CloudWatchClient(at.client);
  }

  /** @returns a name that no other test has */
  name(prefix: string): string {
    this.#count += 1;
    return `${prefix}-${this.#count}`;
  }

  async createFunction(FunctionName: string, code: string): Promise<void> {
    const Code = { ZipFile: aZip({ 'index.js': code }) };
    const settings = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE } as const;
    await this.lambda.send(new CreateFunctionCommand({ FunctionName, Code, ...settings }));
  }

  /** A function of which version 1 answers 1 and version 2 what `second` says; its alias `live` is at version 1. */
  async twoVersions(second = 'exports.handler = async () => 2;'): Promise<string> {
    const FunctionName = this.name('function');
    await this.createFunction(FunctionName, 'exports.handler = async () => 1;');
    await this.lambda.send(new PublishVersionCommand({ FunctionName }));
    const ZipFile = aZip({ 'index.js': second });
    await this.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
    await this.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    return FunctionName;
  }

  /** A hook that reports this status; without one it never reports. */
  async aHook(status?: 'Succeeded' | 'Failed'): Promise<string> {
    const name = this.name('hook');
    const report = `const {
        CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand,
      } = require('@aws-sdk/client-codedeploy');
      exports.handler = async ({ DeploymentId, LifecycleEventHookExecutionId }) => new CodeDeployClient({}).send(
        new PutLifecycleEventHookExecutionStatusCommand({
          deploymentId: DeploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId, status: '${status}',
        }));`;
    const silent = 'exports.handler = async (event) => console.log("called " + JSON.stringify(event));';
    await this.createFunction(name, status ? report : silent);
    return name;
  }

  /** A metric alarm without a metric: it is as it is set by hand. @returns its name */
  async anAlarm(): Promise<string> {
    const AlarmName = this.name('alarm');
    await this.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'Tests',
        MetricName: 'Nothing',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
      }),
    );
    return AlarmName;
  }

  async setAlarm(AlarmName: string, StateValue: 'ALARM' | 'OK'): Promise<void> {
    await this.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'by hand' }));
  }

  async aConfiguration(trafficRoutingConfig: TrafficRoutingConfig): Promise<string> {
    const deploymentConfigName = this.name('configuration');
    await this.codeDeploy.send(
      new CreateDeploymentConfigCommand({ deploymentConfigName, computePlatform: 'Lambda', trafficRoutingConfig }),
    );
    return deploymentConfigName;
  }

  /** A group in an application of its own, with automatic rollback after everything. */
  async aGroup(settings: Partial<CreateDeploymentGroupCommandInput> = {}) {
    const applicationName = this.name('application');
    await this.codeDeploy.send(new CreateApplicationCommand({ applicationName, computePlatform: 'Lambda' }));
    await this.codeDeploy.send(
      new CreateDeploymentGroupCommand({
        applicationName,
        deploymentGroupName: 'group',
        serviceRoleArn: ROLE,
        deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
        ...settings,
      }),
    );
    return { applicationName, deploymentGroupName: settings.deploymentGroupName ?? 'group' };
  }

  /** @returns the id of a deployment of this AppSpec file */
  async deploy(
    group: { readonly applicationName: string; readonly deploymentGroupName: string },
    content: string,
    more: Partial<CreateDeploymentCommandInput> = {},
  ): Promise<string> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const revision = { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } } as const;
    const answer = await this.codeDeploy.send(new CreateDeploymentCommand({ ...group, revision, ...more }));
    return answer.deploymentId ?? '';
  }

  async read(deploymentId: string): Promise<DeploymentInfo> {
    const { deploymentInfo } = await this.codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo ?? {};
  }

  ended(deploymentId: string): Promise<DeploymentInfo> {
    return eventually(async () => {
      const info = await this.read(deploymentId);
      return info.completeTime ? info : undefined;
    });
  }

  async target(deploymentId: string, targetId: string): Promise<LambdaTarget> {
    const answer = await this.codeDeploy.send(new GetDeploymentTargetCommand({ deploymentId, targetId }));
    return answer.deploymentTarget?.lambdaTarget ?? {};
  }

  /** @returns the states of the lifecycle events, in their order */
  async lifecycle(deploymentId: string, targetId: string): Promise<readonly string[]> {
    const { lifecycleEvents = [] } = await this.target(deploymentId, targetId);
    return lifecycleEvents.map(({ lifecycleEventName, status }) => `${lifecycleEventName} ${status}`);
  }

  /** @returns the alias in words: `1`, or `1 + 0.1 of 2` */
  async alias(FunctionName: string): Promise<string> {
    const { FunctionVersion, RoutingConfig } = await this.lambda.send(
      new GetAliasCommand({ FunctionName, Name: 'live' }),
    );
    const weights = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
    return [FunctionVersion, ...weights.map(([version, weight]) => `${weight} of ${version}`)].join(' + ');
  }

  /** Waits until the alias is as in these words. */
  aliasIs(functionName: string, words: string): Promise<true> {
    return eventually(async () => ((await this.alias(functionName)) === words ? true : undefined));
  }

  /** @returns how many of so many invocations of the alias each answer got */
  async answers(FunctionName: string, count: number): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (let each = 0; each < count; each += 1) {
      const { Payload } = await this.lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live' }));
      const answer = Buffer.from(Payload ?? []).toString('utf8');
      counts[answer] = (counts[answer] ?? 0) + 1;
    }
    return counts;
  }
}
