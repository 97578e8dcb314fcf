import {
  AlreadyExistsException,
  CancelUpdateStackCommand,
  Capability,
  ChangeAction,
  ChangeSetStatus,
  ChangeSource,
  type CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  type DescribeChangeSetCommandInput,
  DescribeEventsCommand,
  DescribeStacksCommand,
  type StackEvent as EventShape,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  type Parameter,
  PolicyAction,
  paginateDescribeChangeSet,
  paginateDescribeStackEvents,
  paginateListImports,
  paginateListStackResources,
  paginateListStacks,
  type Replacement,
  RequiresRecreation,
  type ResourceChange,
  type ResourceChangeDetail,
  SetStackPolicyCommand,
  StackStatus,
  type Tag,
  TemplateStage,
  TokenAlreadyExistsException,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '../../core/contracts/stack-event';
import { NESTED_STACK } from '../../core/deploy/data-at-risk';
import type { StackChange } from '../../core/deploy/judge-changes';
import { parseTemplate } from '../../core/template/template';
import type { Json } from '../../core/text/canonical-json';
import type { ForeseenChanges, StackRequest, StackResource, Stacks } from '../../ports/stacks';
import {
  isNoChange,
  saysNoSuchStack,
  saysNotImported,
  saysNotUpdating,
  saysNoUpdates,
  saysProtected,
} from './cloudformation-messages';

/** Where CloudFormation finds templates. */
export interface TemplateStore {
  readonly bucket: string;
  readonly region: string;
}

/** The port Stacks over CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
export function cloudFormationStacks(client: CloudFormationClient, store: TemplateStore): Stacks {
  const input = ({ name, template, executionRoleArn, tags, parameters = {}, token, ...more }: StackRequest) => ({
    StackName: name,
    TemplateURL: templateUrl(store, template),
    RoleARN: executionRoleArn,
    ...(more.notificationArns && { NotificationARNs: [...more.notificationArns] }),
    ...(more.rollback && {
      RollbackConfiguration: {
        RollbackTriggers: [
          ...more.rollback.alarms.map((Arn) => ({ Arn, Type: 'AWS::CloudWatch::Alarm' })),
          ...(more.rollback.compositeAlarms ?? []).map((Arn) => ({ Arn, Type: 'AWS::CloudWatch::CompositeAlarm' })),
        ],
        MonitoringTimeInMinutes: more.rollback.minutes,
      },
    }),
    // The template is the app's own; what it may make is limited by the execution role, not by what is acknowledged.
    Capabilities: Object.values(Capability),
    ...(Object.keys(parameters).length > 0 && {
      Parameters: Object.entries(parameters).map(
        ([ParameterKey, value]): Parameter =>
          value === null ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue: value },
      ),
    }),
    Tags: Object.entries(tags).map(([Key, Value]): Tag => ({ Key, Value })),
    ClientRequestToken: token,
  });
  /** What is no setting of a change set. */
  const beside = ({ policy, disableRollback }: StackRequest) => ({
    ...(policy && { StackPolicyBody: policyText(policy) }),
    ...(disableRollback && { DisableRollback: true }),
  });

  return {
    describe: async (name) => {
      try {
        const { Stacks: found } = await client.send(new DescribeStacksCommand({ StackName: name }));
        const stack = found?.[0];
        if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
        return {
          status: stack.StackStatus!,
          statusReason: stack.StackStatusReason,
          tags: Object.fromEntries((stack.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
          parameters: Object.fromEntries(
            (stack.Parameters ?? []).map((one) => [one.ParameterKey!, one.ParameterValue ?? '']),
          ),
          outputs: Object.fromEntries((stack.Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!])),
          exports: (stack.Outputs ?? []).flatMap(({ ExportName }) => ExportName ?? []),
          isProtected: stack.EnableTerminationProtection ?? false,
        };
      } catch (error) {
        if (saysNoSuchStack(error)) return undefined;
        throw error;
      }
    },

    create: async (request) => {
      try {
        const { terminationProtection } = request;
        await client.send(
          new CreateStackCommand({
            ...input(request),
            ...beside(request),
            ...(terminationProtection && { EnableTerminationProtection: true }),
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof TokenAlreadyExistsException) return 'started';
        if (error instanceof AlreadyExistsException) return 'exists';
        throw error;
      }
    },

    update: async (request) => {
      try {
        await client.send(new UpdateStackCommand({ ...input(request), ...beside(request) }));
        return 'started';
      } catch (error) {
        if (error instanceof TokenAlreadyExistsException) return 'started';
        if (saysNoUpdates(error)) return 'unchanged';
        throw error;
      }
    },

    foresee: async (request) => {
      const { ClientRequestToken: token, ...update } = input(request);
      try {
        await client.send(
          new CreateChangeSetCommand({
            ...update,
            ChangeSetName: changeSetName(token),
            ChangeSetType: 'UPDATE',
            ...(request.nested && { IncludeNestedStacks: true }),
          }),
        );
      } catch (error) {
        if (!(error instanceof AlreadyExistsException)) throw error;
      }
    },

    foreseen: ({ name, token, nested = false }) =>
      readChangeSet(client, { StackName: name, ChangeSetName: changeSetName(token) }, { nested }),

    // An update of that token is one that is not begun a second time, also where the change set is gone by then.
    doForeseen: async ({ name, token, disableRollback }) => {
      try {
        await client.send(
          new ExecuteChangeSetCommand({
            StackName: name,
            ChangeSetName: changeSetName(token),
            ClientRequestToken: token,
            ...(disableRollback && { DisableRollback: true }),
          }),
        );
      } catch (error) {
        if (!(error instanceof TokenAlreadyExistsException)) throw error;
      }
    },

    setPolicy: async (name, policy) => {
      await client.send(new SetStackPolicyCommand({ StackName: name, StackPolicyBody: policyText(policy) }));
    },

    setProtection: async (name, isProtected) => {
      await client.send(
        new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: isProtected }),
      );
    },

    forgetForeseen: async ({ name, token }) => {
      await client.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: changeSetName(token) }));
    },

    cancelUpdate: async (name) => {
      try {
        await client.send(new CancelUpdateStackCommand({ StackName: name }));
        return 'rolls-back';
      } catch (error) {
        if (saysNotUpdating(error) || saysNoSuchStack(error)) return 'not-updating';
        throw error;
      }
    },

    delete: async (name, { executionRoleArn, token }) => {
      try {
        await client.send(
          new DeleteStackCommand({ StackName: name, RoleARN: executionRoleArn, ClientRequestToken: token }),
        );
      } catch (error) {
        if (saysProtected(error)) return 'protected';
        if (!(error instanceof TokenAlreadyExistsException)) throw error;
      }
      return 'started';
    },

    importers: async (exportName) => {
      const names: string[] = [];
      try {
        for await (const page of paginateListImports({ client }, { ExportName: exportName })) {
          names.push(...(page.Imports ?? []));
        }
      } catch (error) {
        if (!saysNotImported(error)) throw error;
      }
      return names;
    },

    inProgress: async () => {
      const names = new Set<string>();
      for await (const page of paginateListStacks({ client }, { StackStatusFilter: UNDER_WAY })) {
        for (const { StackName } of page.StackSummaries ?? []) names.add(StackName!);
      }
      return names;
    },

    events: async (name, token, after) => {
      try {
        return (await newestEvents(client, name, { token, after })).reverse();
      } catch (error) {
        if (saysNoSuchStack(error)) return undefined;
        throw error;
      }
    },

    validationErrors: async (name) => {
      const { OperationEvents: events = [] } = await client.send(
        new DescribeEventsCommand({ StackName: name, Filters: { FailedEvents: true } }),
      );
      return events
        .filter(({ EventType: type, OperationId: id }) => type === 'VALIDATION_ERROR' && id === events[0]!.OperationId)
        .map((event) => ({
          id: event.EventId!,
          time: event.Timestamp!.toISOString(),
          logicalId: event.LogicalResourceId!,
          type: event.ResourceType!,
          status: event.ValidationStatus!,
          reason: event.ValidationStatusReason,
          ofStack: false,
        }));
    },

    template: async (name) => {
      try {
        // The template as it was given, which is compared with the one to be given: in the processed one, every
        // transform has been applied.
        const input = { StackName: name, TemplateStage: TemplateStage.Original };
        const { TemplateBody } = await client.send(new GetTemplateCommand(input));
        return parseTemplate(TemplateBody ?? '');
      } catch (error) {
        if (saysNoSuchStack(error)) return undefined;
        throw error;
      }
    },

    functionNames: async (name) => idsOf((await listResources(client, name)).filter(({ type }) => type === FUNCTION)),

    physicalIds: async (name) => idsOf(await resourcesIfAny(client, name)),

    resources: (name) => resourcesIfAny(client, name),
  };
}

const policyText = (policy: readonly Json[]): string => JSON.stringify({ Statement: policy });

/** A change set's name begins with a letter; an operation's token, with a release's id, with a digit. */
const changeSetName = (token: string): string => `seedbed-${token}`;

/**
 * @param nested whether what a nested stack would become is looked for in its own change set, which the one of the
 * stack that holds it names (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html)
 */
async function readChangeSet(
  client: CloudFormationClient,
  asked: Pick<DescribeChangeSetCommandInput, 'StackName' | 'ChangeSetName'>,
  { nested }: { readonly nested: boolean },
): Promise<ForeseenChanges> {
  const found: ResourceChange[] = [];
  for await (const page of paginateDescribeChangeSet({ client }, asked)) {
    const { Status: status, StatusReason: reason = '' } = page;
    if (status === ChangeSetStatus.FAILED) {
      return isNoChange(reason)
        ? { status: 'foreseen', changes: [], isUnchanged: true }
        : { status: 'refused', reason };
    }
    if (status !== ChangeSetStatus.CREATE_COMPLETE) return { status: 'pending' };
    found.push(...(page.Changes ?? []).flatMap(({ ResourceChange: change }) => change ?? []));
  }
  const changes: StackChange[] = [];
  for (const change of found) {
    const own = stackChange(change);
    if (!nested || change.ResourceType !== NESTED_STACK || !own || own.removed) {
      if (own) changes.push(own);
      continue;
    }
    const inside =
      change.ChangeSetId && (await readChangeSet(client, { ChangeSetName: change.ChangeSetId }, { nested }));
    if (inside && inside.status === 'pending') return inside;
    if (inside && inside.status === 'foreseen') {
      changes.push(own, ...inside.changes.map((one) => within(own.logicalId, one)));
    } else changes.push({ ...own, replaced: own.replaced === 'yes' ? 'yes' : 'maybe', causes: undefined });
  }
  return { status: 'foreseen', changes, isUnchanged: false };
}

const within = (stack: string, change: StackChange): StackChange => ({
  ...change,
  logicalId: `${stack}/${change.logicalId}`,
  ...(change.causes && { causes: change.causes.map((cause) => `${stack}/${cause}`) }),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
function stackChange(change: ResourceChange): StackChange | undefined {
  const { Action: action, LogicalResourceId: logicalId, ResourceType: type, PhysicalResourceId: physicalId } = change;
  if (action === ChangeAction.Add || action === ChangeAction.Import || action === undefined) return undefined;
  // `Dynamic`: CloudFormation cannot tell yet, not even whether it is a removal.
  const replaced = action === ChangeAction.Dynamic ? 'maybe' : REPLACED[change.Replacement ?? 'False'];
  const causes = replaced === 'maybe' ? causesOf(change.Details ?? []) : undefined;
  const removed = action === ChangeAction.Remove;
  const retained = removed && change.PolicyAction === PolicyAction.Retain;
  return {
    logicalId: logicalId!,
    type: type!,
    physicalId,
    removed,
    replaced,
    ...(causes && { causes }),
    ...(retained && { retained }),
  };
}

/**
 * @returns what a resource refers to, if nothing but that makes CloudFormation say that it may be replaced: it says so
 * of all that refers to an attribute of a resource that changes, whatever changes of it
 */
function causesOf(details: readonly ResourceChangeDetail[]): readonly string[] | undefined {
  const counting = details.filter(({ Target: target }) => target?.RequiresRecreation !== RequiresRecreation.Never);
  const causes = counting.flatMap(({ ChangeSource: source, CausingEntity: cause }) =>
    cause !== undefined && (source === ChangeSource.ResourceReference || source === ChangeSource.ResourceAttribute)
      ? [cause]
      : [],
  );
  return counting.length > 0 && causes.length === counting.length ? [...new Set(causes)] : undefined;
}

const REPLACED = { True: 'yes', False: 'no', Conditional: 'maybe' } as const satisfies Record<Replacement, string>;

const UNDER_WAY = [
  StackStatus.CREATE_IN_PROGRESS,
  StackStatus.ROLLBACK_IN_PROGRESS,
  StackStatus.UPDATE_IN_PROGRESS,
  StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
  StackStatus.DELETE_IN_PROGRESS,
];

const FUNCTION = 'AWS::Lambda::Function';

async function listResources(client: CloudFormationClient, name: string): Promise<readonly StackResource[]> {
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    for (const resource of page.StackResourceSummaries ?? []) {
      if (resource.ResourceStatus === 'DELETE_COMPLETE') continue;
      resources.push({
        logicalId: resource.LogicalResourceId!,
        type: resource.ResourceType!,
        physicalId: resource.PhysicalResourceId || undefined,
        status: resource.ResourceStatus!,
        reason: resource.ResourceStatusReason || undefined,
      });
    }
  }
  return resources;
}

async function resourcesIfAny(client: CloudFormationClient, name: string): Promise<readonly StackResource[]> {
  try {
    return await listResources(client, name);
  } catch (error) {
    if (saysNoSuchStack(error)) return [];
    throw error;
  }
}

const idsOf = (resources: readonly StackResource[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    resources.flatMap(({ logicalId, physicalId }) => (physicalId === undefined ? [] : [[logicalId, physicalId]])),
  );

/** CloudFormation lists events newest first, and those of one operation next to each other. */
async function newestEvents(
  client: CloudFormationClient,
  name: string,
  { token, after }: { readonly token: string; readonly after?: string },
): Promise<StackEvent[]> {
  const found: StackEvent[] = [];
  // Nobody asks for another page once the last of these events is found.
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: name })) {
    for (const event of page.StackEvents ?? []) {
      if (event.EventId === after) return found;
      if (event.ClientRequestToken === token) found.push(stackEvent(event));
      else if (found.length > 0) return found;
    }
  }
  return found;
}

const stackEvent = (event: EventShape): StackEvent => ({
  id: event.EventId!,
  time: event.Timestamp!.toISOString(),
  logicalId: event.LogicalResourceId!,
  type: event.ResourceType!,
  status: event.ResourceStatus!,
  reason: event.ResourceStatusReason || undefined,
  ofStack: event.PhysicalResourceId === event.StackId,
});

/** Path-style, which works for every bucket name, dots included. */
function templateUrl({ bucket, region }: TemplateStore, key: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${domain}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
