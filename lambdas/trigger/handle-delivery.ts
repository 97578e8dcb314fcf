import * as z from 'zod';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import { Repository } from '../../lib/core/contracts/release';
import { parseJson } from '../../lib/core/text/parse-json';
import { type EventHint, hintOf } from '../../lib/core/trigger/event-hint';
import type { Apps } from '../../lib/ports/apps';
import { findReplaced } from '../../lib/release/queue/same-repository';
import {
  type Cause,
  ignoreReplaced,
  ignoreUnconnected,
  type Outcome,
  type ReleaseRefPorts,
  releaseBranch,
  releasePullRequest,
  releaseTag,
} from './release-ref';

export interface HandleDeliveryPorts extends ReleaseRefPorts {
  readonly apps: Apps;
}

/** A delivery whose signature is right. */
export interface Delivery {
  /** GitHub's id for it, which stays the same when it is delivered again. */
  readonly delivery: string;
  /** Name of the event. */
  readonly kind: string;
  readonly text: string;
}

/** The error for a delivery that is not what GitHub sends. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';
}

/** The parts that say where to look: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const Common = z.object({
  repository: z.object({ full_name: z.string().max(200), id: z.number().int().optional() }),
  sender: z.object({ login: z.string().max(200) }).optional(),
});
export const PushPayload = Common.extend({
  ref: z.string().min(1).max(1000),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export const PullRequestPayload = Common.extend({
  action: z.string(),
  number: z.number().int().positive(),
  changes: z.object({ base: z.unknown() }).partial().optional(),
  pull_request: z
    .object({ head: z.object({ sha: z.unknown() }).partial() })
    .partial()
    .optional(),
  before: z.unknown().optional(),
});

/** Actions after which a pull request may have other commits, another base, or be closed. */
const ACTIONS = ['opened', 'reopened', 'synchronize', 'closed'];

/**
 * Releases or removes what a delivery is about.
 * @returns the status to answer
 * @throws UnreadablePayload
 */
export async function handleDelivery(ports: HandleDeliveryPorts, delivery: Delivery): Promise<200 | 202> {
  const { delivery: id, kind } = delivery;
  if (kind === 'ping') return 200;
  const outcomes = await outcomesOf(ports, delivery);
  ports.log.info('a delivery was handled', { delivery: id, kind, outcomes });
  return 202;
}

async function outcomesOf(ports: HandleDeliveryPorts, delivery: Delivery): Promise<readonly Outcome[]> {
  if (delivery.kind === 'push') return pushed(ports, delivery);
  if (delivery.kind === 'pull_request') return pullRequestChanged(ports, delivery);
  return [{ ignored: 'events of this kind release nothing' }];
}

async function pushed(ports: HandleDeliveryPorts, delivery: Delivery): Promise<readonly Outcome[]> {
  const { ref, repository, sender, before, after } = parse(PushPayload, delivery);
  const [, type, name = ''] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  if (type === undefined) return [{ ignored: 'neither a branch nor a tag was pushed' }];
  const hint = hintOf(before, after);
  return ofApp(ports, { delivery, repository, sender, name }, (config, cause) =>
    type === 'heads'
      ? releaseBranch(ports, { config, branch: name, cause, hint })
      : releaseTag(ports, { config, tag: name, cause, hint }),
  );
}

async function pullRequestChanged(ports: HandleDeliveryPorts, delivery: Delivery): Promise<readonly Outcome[]> {
  const { action, number, changes, pull_request, before, repository, sender } = parse(PullRequestPayload, delivery);
  const isOfInterest = ACTIONS.includes(action) || (action === 'edited' && changes?.base !== undefined);
  if (!isOfInterest) return [{ ignored: 'nothing has changed in what is released' }];
  const hint: EventHint | undefined = action === 'closed' ? {} : hintOf(before, pull_request?.head?.sha);
  return ofApp(ports, { delivery, repository, sender, name: `#${number}` }, (config, cause) =>
    releasePullRequest(ports, { config, number, cause, hint }),
  );
}

interface About extends z.infer<typeof Common> {
  readonly delivery: Delivery;
  /** Branch, tag, or `#12` of a pull request. */
  readonly name: string;
}

async function ofApp(
  ports: HandleDeliveryPorts,
  { delivery, repository: { full_name, id }, sender, name }: About,
  act: (config: AppConfig, cause: Cause) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const repository = Repository.safeParse({ provider: 'github', name: full_name });
  if (!repository.success) throw new UnreadablePayload('its repository has no name');
  const cause = { id: delivery.delivery, by: sender?.login, at: new Date(ports.now()).toISOString() };
  const config = await ports.apps.findByRepository(repository.data);
  if (!config) return [await ignoreUnconnected(ports, { repository: repository.data, name, cause })];
  const replaced = id === undefined ? undefined : await findReplaced(ports, config, String(id));
  return replaced === undefined ? act(config, cause) : [await ignoreReplaced(ports, { config, name, cause }, replaced)];
}

function parse<T extends z.ZodType>(schema: T, { text }: Delivery): z.output<T> {
  const payload = schema.safeParse(parseJson(text));
  if (payload.success) return payload.data;
  // Not the values: somebody else's names do not belong in our log.
  const places = payload.error.issues.map(({ path }) => path.join('.') || '(all of it)');
  throw new UnreadablePayload(`it cannot be read: ${[...new Set(places)].join(', ')}`);
}
