import * as z from 'zod';
import { WebhookNotification } from '../../../lib/core/notices/webhook-notification';
import type { Topic } from '../../../lib/ports/topic';
import { type CommentPorts, comment } from './comment';
import { commitStatus } from './commit-status';
import { type DeploymentPorts, deployment } from './deployment';
import type { Destination } from './destination';
import { type TellCommitPorts, wholeStatus } from './tell-commit';
import { topic } from './topic';
import { type WebhookPorts, webhook } from './webhook';

export interface DestinationPorts extends CommentPorts, DeploymentPorts, TellCommitPorts, WebhookPorts {
  readonly topic: Topic;
}

/** @returns every place that is told of releases. @param webhooks JSON of a list of WebhookNotification */
export const destinations = (ports: DestinationPorts, webhooks: string): readonly Destination[] => [
  commitStatus(ports),
  wholeStatus(ports),
  deployment(ports),
  comment(ports),
  topic(ports.topic),
  ...z
    .array(WebhookNotification)
    .parse(JSON.parse(webhooks))
    .map((notification) => webhook(ports, notification)),
];
