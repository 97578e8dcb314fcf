import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BuildWorkers } from '../../lambdas/build/function';
import { DeployWorkers } from '../../lambdas/deploy/function';
import { PlanWorkers } from '../../lambdas/plan/function';
import { RecordWorkers } from '../../lambdas/record/function';
import { ShiftWorkers } from '../../lambdas/shift/function';
import { TriggerWorkers } from '../../lambdas/trigger/function';
import type { AppConfig } from '../core/app-config';
import { AppParameters } from './app-parameters';
import { artifactBucket } from './artifact-bucket';
import { BuildProject } from './build-project';
import type { Lifetime } from './lifetime';
import type { PlatformResources } from './platform-resources';
import { PushEvents } from './push-events';
import { Release } from './release';
import { ReleaseEvents } from './release-events';
import { ServiceRelease } from './service-release';
import { stateTable } from './state-table';

export interface PlatformStackProps extends StackProps, Lifetime {
  readonly apps: readonly AppConfig[];
}

/** The platform in its ops account: state, artifact repository, builds, workers and the two state machines. */
export class PlatformStack extends Stack implements PlatformResources {
  readonly stateTable: TableV2;
  readonly artifacts: Bucket;
  readonly releaseStateMachineArn: string;
  readonly serviceReleaseStateMachineArn: string;
  private readonly apps: readonly AppConfig[];

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    this.apps = props.apps;
    this.stateTable = stateTable(this, props);
    this.artifacts = artifactBucket(this, props);
    this.releaseStateMachineArn = this.stateMachineArn(RELEASE);
    this.serviceReleaseStateMachineArn = this.stateMachineArn(SERVICE_RELEASE);
    new AppParameters(this, 'Apps', props);

    const { project } = new BuildProject(this, 'Build', {
      artifacts: this.artifacts,
      repositoryArns: this.repositoryArns(),
    });
    const trigger = new TriggerWorkers(this, 'TriggerWorkers', this);
    const planning = new PlanWorkers(this, 'PlanWorkers', this);
    const building = new BuildWorkers(this, 'BuildWorkers', this, project);
    const deploying = new DeployWorkers(this, 'DeployWorkers', this);
    const shifting = new ShiftWorkers(this, 'ShiftWorkers', this);
    const recording = new RecordWorkers(this, 'RecordWorkers', this);

    const serviceRelease = new ServiceRelease(this, 'ServiceRelease', {
      stateMachineName: SERVICE_RELEASE,
      workers: {
        startBuild: building.startBuild,
        waitForBuild: building.waitForBuild,
        decide: deploying.decide,
        startStackUpdate: deploying.startStackUpdate,
        waitForStack: deploying.waitForStack,
        readFunctions: deploying.readFunctions,
        prepareFunctions: deploying.prepareFunctions,
        waitForFunctions: deploying.waitForFunctions,
        restoreFunctions: deploying.restoreFunctions,
        moveAliases: shifting.moveAliases,
        record: recording.record,
        recordFailure: recording.recordFailure,
      },
    });
    const release = new Release(this, 'Release', {
      stateMachineName: RELEASE,
      plan: planning.plan,
      finish: recording.finish,
      serviceRelease: serviceRelease.stateMachine,
    });
    new PushEvents(this, 'PushEvents', { repositoryArns: this.repositoryArns(), push: trigger.push });
    new ReleaseEvents(this, 'ReleaseEvents', {
      release: release.stateMachine,
      finish: recording.finish,
      sweep: recording.sweep,
    });

    this.output('StateTable', this.stateTable.tableName);
    this.output('ArtifactBucket', this.artifacts.bucketName);
    this.output('StartRelease', trigger.start.function.functionName);
    this.output('ReleaseStateMachine', release.stateMachine.stateMachineArn);
    this.output('ServiceReleaseStateMachine', serviceRelease.stateMachine.stateMachineArn);
    this.output('BuildLogs', project.projectName);
  }

  grantState(worker: IGrantable): void {
    this.stateTable.grantReadWriteData(worker);
  }

  grantSource(worker: IGrantable): void {
    const resources = this.repositoryArns();
    if (resources.length === 0) return;
    worker.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'codecommit:GetBranch',
          'codecommit:GetCommit',
          'codecommit:GetDifferences',
          'codecommit:GetFile',
          'codecommit:GetRepository',
        ],
        resources,
      }),
    );
  }

  grantApps(worker: IGrantable): void {
    worker.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameter', 'ssm:GetParametersByPath'],
        resources: [this.formatArn({ service: 'ssm', resource: 'parameter', resourceName: 'seedbed/*' })],
      }),
    );
  }

  grantTargets(worker: IGrantable): void {
    const roles = new Set(
      this.apps.flatMap(({ stages }) => Object.values(stages).map(({ target }) => target.deployRoleArn)),
    );
    if (roles.size === 0) return;
    worker.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [...roles].sort() }),
    );
  }

  private repositoryArns(): string[] {
    return this.apps.map(({ repository }) => this.formatArn({ service: 'codecommit', resource: repository.name }));
  }

  private stateMachineArn(name: string): string {
    return this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}

const RELEASE = 'Seedbed-Release';
const SERVICE_RELEASE = 'Seedbed-ServiceRelease';
