import type { EmulatorClient } from '../calls/emulator-client';
import type { EmitEvent } from '../calls/event-delivery';
import type { DeploymentRecord } from './deployment-record';
import { codeDeployRole } from './service-role';

/** What is announced of a deployment: its state in EventBridge's words, and the trigger's event. */
const NEWS = {
  started: { state: 'START', trigger: 'DeploymentStart' },
  Succeeded: { state: 'SUCCESS', trigger: 'DeploymentSuccess' },
  Failed: { state: 'FAILURE', trigger: 'DeploymentFailure' },
  Stopped: { state: 'STOP', trigger: 'DeploymentStop' },
  'rolls back': { state: undefined, trigger: 'DeploymentRollback' },
} as const;
export type News = keyof typeof NEWS;

/**
 * Announces what becomes of deployments to EventBridge and to the SNS topics of their groups, in order and on a
 * best-effort basis as AWS does.
 */
export class Announcements {
  #told: Promise<void> = Promise.resolve();

  constructor(
    private readonly emulator: EmulatorClient,
    private readonly emit: EmitEvent,
  ) {}

  /** Announces a deployment's present state; returns before that has arrived. */
  tell(record: DeploymentRecord, news: News): void {
    const { state, trigger } = NEWS[news];
    const { region, applicationName } = record.request;
    const event = state && this.#event(record, state);
    const messages = (record.request.group.triggerConfigurations ?? [])
      .filter(({ triggerEvents }) => triggerEvents?.includes(trigger))
      .map(({ triggerName, triggerTargetArn = '' }) => ({
        topic: triggerTargetArn,
        text: JSON.stringify(triggerMessage(record, triggerName)),
        subject: `${record.status}: CodeDeploy ${record.id} in ${region} to ${applicationName}`,
      }));
    this.#told = this.#told.then(async () => {
      await Promise.allSettled([
        ...(event ? [this.emit(record.request, event)] : []),
        ...messages.map((message) => this.#publish(record, message)),
      ]);
    });
  }

  /** Resolves when everything has been announced. */
  end(): Promise<void> {
    return this.#told;
  }

  #event({ id, request }: DeploymentRecord, state: string) {
    const { accountId, region, applicationName, group } = request;
    const arn = (kind: string, name: string) => `arn:aws:codedeploy:${region}:${accountId}:${kind}:${name}`;
    return {
      source: 'aws.codedeploy',
      detailType: 'CodeDeploy Deployment State-change Notification',
      resources: [
        arn('application', applicationName),
        arn('deploymentgroup', `${applicationName}/${group.deploymentGroupName}`),
      ],
      detail: {
        region,
        deploymentId: id,
        instanceGroupId: group.deploymentGroupId,
        deploymentGroup: group.deploymentGroupName,
        state,
        application: applicationName,
      },
    } as const;
  }

  async #publish(record: DeploymentRecord, message: { topic: string; text: string; subject: string }) {
    const body = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: message.topic,
      Subject: message.subject.slice(0, 100),
      Message: message.text,
    });
    await this.emulator.send(await codeDeployRole(this.emulator, record).credentials(), 'sns', {
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
  }
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-json-format.html */
function triggerMessage(record: DeploymentRecord, eventTriggerName: string | undefined) {
  const { request, error } = record;
  return {
    region: request.region,
    accountId: request.accountId,
    eventTriggerName,
    applicationName: request.applicationName,
    deploymentId: record.id,
    deploymentGroupName: request.group.deploymentGroupName,
    createTime: String(record.createTime),
    ...(record.completeTime ? { completeTime: String(record.completeTime) } : {}),
    deploymentOverview: JSON.stringify(record.overview()),
    status: record.status,
    ...(error ? { errorInformation: JSON.stringify({ ErrorCode: error.code, ErrorMessage: error.message }) } : {}),
    ...(record.rollbackId ? { rollbackInformation: JSON.stringify({ RollbackDeploymentId: record.rollbackId }) } : {}),
  };
}
