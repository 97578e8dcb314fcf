import { createHash } from 'node:crypto';
import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import { reversed, writeAppSpec } from './app-spec';
import { pageOf } from './checks';
import { ALL_AT_ONCE } from './configuration';
import { findConfiguration } from './configurations';
import { findGroup } from './deployment-groups';
import { DeploymentRecord, type DeploymentRequest } from './deployment-record';
import { checkAlarms, checkRollback } from './group-settings';
import type { Home } from './home';
import { type DeploymentHost, type Interruption, runDeployment } from './run-deployment';

const LONGEST_DESCRIPTION = 1000;

interface Revision {
  readonly revisionType?: string;
  readonly appSpecContent?: { readonly content?: string; readonly sha256?: string };
  readonly string?: { readonly content?: string; readonly sha256?: string };
}

/** Starts, interrupts and ends deployments. */
export class Deployments {
  readonly #running = new Map<DeploymentRecord, { control: AbortController; over: Promise<void> }>();

  constructor(private readonly host: DeploymentHost) {}

  /** Starts a deployment. @throws AwsError if the input is wrong, or another deployment of the group is running */
  create(home: Home, input: Parameters<Operation>[0]): DeploymentRecord {
    const group = findGroup(home, input.applicationName, input.deploymentGroupName);
    const { deploymentConfigName, trafficRoutingConfig } = findConfiguration(
      home,
      input.deploymentConfigName ?? group.deploymentConfigName,
    );
    const { description } = input;
    if (description?.length > LONGEST_DESCRIPTION)
      throw new AwsError('DescriptionTooLongException', `at most ${LONGEST_DESCRIPTION} characters`);
    const content = contentOf(input.revision);
    const busy = [...home.deployments.values()].find((one) => one.isOpen && one.request.group === group);
    if (busy)
      throw new AwsError(
        'DeploymentLimitExceededException',
        `The Deployment Group '${group.deploymentGroupName}' already has an active Deployment '${busy.id}'`,
      );
    return this.#start(home, {
      accountId: home.accountId,
      region: home.region,
      applicationName: input.applicationName,
      group,
      deploymentConfigName,
      routing: trafficRoutingConfig,
      overridesAlarms: Boolean(input.overrideAlarmConfiguration),
      alarms: input.overrideAlarmConfiguration
        ? checkAlarms(input.overrideAlarmConfiguration)
        : group.alarmConfiguration,
      rollback: checkRollback(input.autoRollbackConfiguration ?? group.autoRollbackConfiguration),
      description,
      content,
    });
  }

  /** Interrupts a deployment. @throws AwsError `DeploymentAlreadyCompletedException` */
  stop(record: DeploymentRecord, rollback: boolean | undefined): void {
    if (!record.isOpen)
      throw new AwsError('DeploymentAlreadyCompletedException', `Deployment ${record.id} has already completed`);
    this.#running.get(record)?.control.abort({ kind: 'stop', rollback } satisfies Interruption);
  }

  /** Ends all deployments, leaving aliases as they are; resolves when nothing is running. */
  async stopAll(): Promise<void> {
    for (const { control } of this.#running.values()) control.abort({ kind: 'shutdown' } satisfies Interruption);
    await Promise.all([...this.#running.values()].map(({ over }) => over));
  }

  #start(home: Home, request: DeploymentRequest): DeploymentRecord {
    const record = new DeploymentRecord(request, this.host.clock);
    home.deployments.set(record.id, record);
    const control = new AbortController();
    const over = this.#run(home, record, control)
      .catch((error) => this.host.report(`deployment ${record.id}`, error))
      .finally(() => this.#running.delete(record));
    this.#running.set(record, { control, over });
    return record;
  }

  async #run(home: Home, record: DeploymentRecord, control: AbortController): Promise<void> {
    await new Promise(setImmediate); // so that its creator sees it `Created`
    const end = await runDeployment(record, this.host, control);
    if (!end) return;
    record.end(end.status, end.error);
    // In the same moment, so that the group is never free in between.
    if (end.rollsBack && record.spec) record.rollbackId = this.#rollBack(home, record).id;
    this.host.announcements.tell(record, end.status);
    if (record.rollbackId) this.host.announcements.tell(record, 'rolls back');
  }

  #rollBack(home: Home, { id, request, spec }: DeploymentRecord): DeploymentRecord {
    const back = reversed(spec!);
    return this.#start(home, {
      ...request,
      deploymentConfigName: ALL_AT_ONCE,
      routing: { type: 'AllAtOnce' },
      description: undefined,
      content: writeAppSpec(back),
      rollsBack: id,
    });
  }
}

/** @throws AwsError `RevisionRequiredException` or `InvalidRevisionException` */
function contentOf(revision: Revision | undefined): string {
  if (!revision) throw new AwsError('RevisionRequiredException', 'The revision is missing');
  const { revisionType, appSpecContent, string } = revision;
  if (revisionType !== 'AppSpecContent' && revisionType !== 'String')
    throw new AwsError(
      'InvalidRevisionException',
      `revision type ${revisionType} is not implemented by the local cloud: use AppSpecContent`,
    );
  const { content, sha256 } = (revisionType === 'String' ? string : appSpecContent) ?? {};
  if (!content) throw new AwsError('InvalidRevisionException', 'The content of the AppSpec file is missing');
  if (sha256 && sha256.toLowerCase() !== createHash('sha256').update(content).digest('hex'))
    throw new AwsError('InvalidRevisionException', 'The sha256 is not that of the content');
  return content;
}

interface ListInput {
  readonly applicationName?: string;
  readonly deploymentGroupName?: string;
  readonly includeOnlyStatuses?: readonly string[];
  readonly createTimeRange?: { readonly start?: number; readonly end?: number };
  readonly nextToken?: string;
}

/** @returns a page of the ids of deployments, newest first. */
export function listDeployments(home: Home, input: ListInput, statuses: readonly string[]) {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange } = input;
  if (deploymentGroupName && !applicationName)
    throw new AwsError('ApplicationNameRequiredException', 'Application name is missing');
  if (applicationName && !deploymentGroupName)
    throw new AwsError('DeploymentGroupNameRequiredException', 'Deployment Group name is missing');
  const group = applicationName ? findGroup(home, applicationName, deploymentGroupName) : undefined;
  const unknown = includeOnlyStatuses.find((status) => !statuses.includes(status));
  if (unknown) throw new AwsError('InvalidDeploymentStatusException', `There is no deployment status ${unknown}`);
  const { start = 0, end = Number.POSITIVE_INFINITY } = createTimeRange ?? {};
  if (start > end) throw new AwsError('InvalidTimeRangeException', 'The time range ends before it starts');
  const found = [...home.deployments.values()]
    .filter(({ request }) => !group || request.group === group)
    .filter(({ status }) => includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(status))
    .filter(({ createTime }) => createTime >= start && createTime <= end);
  const { items, ...more } = pageOf(found.map(({ id }) => id).reverse(), input.nextToken);
  return { deployments: items, ...more };
}
