import {
  AlreadyExistsException,
  Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type StackEvent as EventShape,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Tag,
  TemplateStage,
  TokenAlreadyExistsException,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '../core/stack-event';
import { parseTemplate } from '../core/template/template';
import type { StackRequest, Stacks } from '../ports/stacks';
import { saysNoSuchStack, saysNoUpdates } from './cloudformation-messages';

/** Where CloudFormation finds templates. */
export interface TemplateStore {
  readonly bucket: string;
  readonly region: string;
}

/** The port Stacks over CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
export function cloudFormationStacks(client: CloudFormationClient, store: TemplateStore): Stacks {
  const input = ({ name, template, executionRoleArn, tags, token }: StackRequest) => ({
    StackName: name,
    TemplateURL: templateUrl(store, template),
    RoleARN: executionRoleArn,
    // The template is the app's own; what it may make is limited by the execution role, not by what is acknowledged.
    Capabilities: Object.values(Capability),
    Tags: Object.entries(tags).map(([Key, Value]): Tag => ({ Key, Value })),
    ClientRequestToken: token,
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
          outputs: Object.fromEntries((stack.Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!])),
        };
      } catch (error) {
        if (saysNoSuchStack(error)) return undefined;
        throw error;
      }
    },

    create: async (request) => {
      try {
        await client.send(new CreateStackCommand(input(request)));
        return 'started';
      } catch (error) {
        if (error instanceof TokenAlreadyExistsException) return 'started';
        if (error instanceof AlreadyExistsException) return 'exists';
        throw error;
      }
    },

    update: async (request) => {
      try {
        await client.send(new UpdateStackCommand(input(request)));
        return 'started';
      } catch (error) {
        if (error instanceof TokenAlreadyExistsException) return 'started';
        if (saysNoUpdates(error)) return 'unchanged';
        throw error;
      }
    },

    delete: async (name, { executionRoleArn, token }) => {
      try {
        await client.send(
          new DeleteStackCommand({ StackName: name, RoleARN: executionRoleArn, ClientRequestToken: token }),
        );
      } catch (error) {
        if (!(error instanceof TokenAlreadyExistsException)) throw error;
      }
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
        // What was given is compared with what will be: the processed stage has every transform applied, and ours has not.
        const input = { StackName: name, TemplateStage: TemplateStage.Original };
        const { TemplateBody } = await client.send(new GetTemplateCommand(input));
        return parseTemplate(TemplateBody ?? '');
      } catch (error) {
        if (saysNoSuchStack(error)) return undefined;
        throw error;
      }
    },

    functionNames: (name) => physicalIds(client, name, 'AWS::Lambda::Function'),

    physicalIds: async (name) => {
      try {
        return await physicalIds(client, name);
      } catch (error) {
        if (saysNoSuchStack(error)) return {};
        throw error;
      }
    },
  };
}

/** @param type only resources of this type */
async function physicalIds(
  client: CloudFormationClient,
  name: string,
  type?: string,
): Promise<Readonly<Record<string, string>>> {
  const ids: [string, string][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName: name, NextToken }));
    for (const resource of page.StackResourceSummaries ?? []) {
      const { ResourceType, ResourceStatus, LogicalResourceId, PhysicalResourceId } = resource;
      if ((type !== undefined && ResourceType !== type) || ResourceStatus === 'DELETE_COMPLETE') continue;
      if (LogicalResourceId && PhysicalResourceId) ids.push([LogicalResourceId, PhysicalResourceId]);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return Object.fromEntries(ids);
}

/** CloudFormation lists events newest first; those of one operation lie together. */
async function newestEvents(
  client: CloudFormationClient,
  name: string,
  { token, after }: { readonly token: string; readonly after?: string },
): Promise<StackEvent[]> {
  const found: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: name, NextToken }));
    for (const event of page.StackEvents ?? []) {
      if (event.EventId === after) return found;
      if (event.ClientRequestToken === token) found.push(stackEvent(event));
      else if (found.length > 0) return found;
    }
    NextToken = page.NextToken;
  } while (NextToken);
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

/** The path-style form: the one that stands for every bucket name, dots included. */
function templateUrl({ bucket, region }: TemplateStore, key: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${domain}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
