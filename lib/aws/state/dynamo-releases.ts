import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OPEN_RELEASES_INDEX } from '../../core/contracts/open-releases-index';
import { Release, ReleaseId, type ReleaseKey } from '../../core/contracts/release';
import { IgnoredPush, ReleaseRecord } from '../../core/contracts/state';
import type { UnreadableRelease } from '../../core/contracts/unreadable';
import { releaseNotRunning } from '../../core/record/fencing';
import { cancelledError } from '../../core/record/step-error';
import type { Acceptance, Releases } from '../../ports/releases';
import { leftOut, parseItem, queryItems } from './state-items';
import {
  eventKey,
  ignoredKey,
  ignoredPartition,
  lockKey,
  releaseKey,
  stageOfPartition,
  stagePartition,
  waitingKey,
} from './state-keys';
import { storedPlan, withPlan } from './stored-plan';
import { retryConflicts, transact } from './transaction';
import { updateParts } from './update-expression';

/** Trigger events repeat within hours; a release's record is kept for ever. */
const EVENT_DAYS = 7;
const IGNORED_DAYS = 90;

const Lock = z.object({ lastReleaseId: ReleaseId });
const Waiting = z.union([
  z.object({ release: Release }),
  z.object({ releaseId: ReleaseId }).transform(({ releaseId }) => ({ unreadable: releaseId })),
]);
const StoredStanding = ReleaseRecord.pick({ status: true, cancel: true });
const Event = z.object({ releaseId: ReleaseId });
const OpenRelease = z.object({ pk: z.string(), open: ReleaseId });

const StoredRelease: z.ZodType<ReleaseRecord> = z.preprocess(
  (item) => withPlan(item as Readonly<Record<string, unknown>>),
  ReleaseRecord,
);

/** The port Releases over the state table: each method is one write, or one transaction. */
export function dynamoReleases(client: DynamoDBDocumentClient, tableName: string): Releases {
  const table = { TableName: tableName };
  const read = async <T>(
    key: { readonly pk: string; readonly sk: string },
    schema: z.ZodType<T>,
  ): Promise<T | undefined> => {
    const { Item } = await client.send(new GetCommand({ ...table, Key: key, ConsistentRead: true }));
    return Item && parseItem(schema, Item);
  };
  const change = async (key: ReleaseKey, values: Partial<ReleaseRecord>): Promise<void> => {
    const ConditionExpression = 'attribute_exists(pk)';
    await retryConflicts(() =>
      client.send(new UpdateCommand({ ...table, Key: releaseKey(key), ConditionExpression, ...updateParts(values) })),
    );
  };

  return {
    async queue(stage) {
      const [waiting, lock] = await Promise.all([read(waitingKey(stage), Waiting), read(lockKey(stage), Lock)]);
      const last = lock?.lastReleaseId;
      if (!waiting || 'release' in waiting) return { waiting: waiting?.release, last };
      return { unreadable: { app: stage.app, stage: stage.stage, id: waiting.unreadable }, last };
    },

    async accept(release, seen): Promise<Acceptance> {
      const { id, trigger, requestedAt } = release;
      const waited = seen.waiting ?? seen.unreadable;
      const record: ReleaseRecord = { release, status: 'waiting' };
      const superseded = { status: 'superseded', supersededBy: id, finishedAt: requestedAt } as const;
      const expiresAt = secondsAfter(requestedAt, EVENT_DAYS);
      const [isNew, queueSame, lockSame] = await transact(client, [
        {
          Put: {
            ...table,
            Item: { ...eventKey(release, trigger.id), releaseId: id, expiresAt },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            ...table,
            Item: { ...waitingKey(release), releaseId: id, release },
            ...is('releaseId', waited?.id),
          },
        },
        { ConditionCheck: { ...table, Key: lockKey(release), ...is('lastReleaseId', seen.last) } },
        {
          Put: {
            ...table,
            Item: { ...releaseKey(release), ...record, [OPEN_RELEASES_INDEX.partitionKey]: id },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        ...(waited
          ? [
              {
                Update: {
                  ...table,
                  Key: releaseKey(waited),
                  ...updateParts(superseded, { remove: [OPEN_RELEASES_INDEX.partitionKey] }),
                },
              },
            ]
          : []),
      ]);
      if (isNew) return { kind: queueSame && lockSame ? 'accepted' : 'queue-changed' };
      const event = await read(eventKey(release, trigger.id), Event);
      return event ? { kind: 'duplicate', releaseId: event.releaseId } : { kind: 'queue-changed' };
    },

    async takeLock(release, at) {
      const [waits, isFree] = await transact(client, [
        { Delete: { ...table, Key: waitingKey(release), ...is('releaseId', release.id) } },
        {
          Update: {
            ...table,
            Key: lockKey(release),
            ConditionExpression: 'attribute_not_exists(lockedBy)',
            ...updateParts({ lockedBy: release.id, lastReleaseId: release.id }),
          },
        },
        { Update: { ...table, Key: releaseKey(release), ...updateParts({ status: 'running', startedAt: at }) } },
      ]);
      if (!waits) return 'not-waiting';
      return isFree ? 'taken' : 'held';
    },

    recordExecution: (key, executionArn) => change(key, { executionArn }),
    async recordPlan(key, plan, at) {
      const holdsLock = { names: { '#status': 'status' }, values: { ':running': 'running' } };
      const [isRunning] = await transact(client, [
        {
          Update: {
            ...table,
            Key: releaseKey(key),
            ConditionExpression: '#status = :running',
            ...updateParts({ ...storedPlan(plan), plannedAt: at }, holdsLock),
          },
        },
      ]);
      if (!isRunning) throw releaseNotRunning(key);
    },

    async cancel(key, cancel) {
      const [waits, isRecorded] = await transact(client, [
        { Delete: { ...table, Key: waitingKey(key), ...is('releaseId', key.id) } },
        {
          Update: {
            ...table,
            Key: releaseKey(key),
            ConditionExpression: '#status = :waiting',
            ...updateParts(
              { status: 'aborted', finishedAt: cancel.at, cancel, error: cancelledError(cancel) },
              { remove: [OPEN_RELEASES_INDEX.partitionKey], values: { ':waiting': 'waiting' } },
            ),
          },
        },
      ]);
      if (waits && isRecorded) return 'waiting';
      const [runs] = await transact(client, [
        {
          Update: {
            ...table,
            Key: releaseKey(key),
            ConditionExpression: '#status = :running',
            ...updateParts({ cancel }, { names: { '#status': 'status' }, values: { ':running': 'running' } }),
          },
        },
      ]);
      return runs ? 'running' : 'ended';
    },

    recordAnnouncement: (key, at) => change(key, { announcedAt: at }),
    recordPruned: (key, pruned) => change(key, { pruned }),

    async end(key, end) {
      const ended = await transact(client, [
        {
          Update: {
            ...table,
            Key: releaseKey(key),
            ConditionExpression: '#status = :running',
            ...updateParts(end, { remove: [OPEN_RELEASES_INDEX.partitionKey], values: { ':running': 'running' } }),
          },
        },
        {
          Update: {
            ...table,
            Key: lockKey(key),
            ConditionExpression: 'lockedBy = :id',
            ...updateParts({}, { remove: ['lockedBy'], values: { ':id': key.id } }),
          },
        },
      ]);
      return ended.every(Boolean);
    },

    find: (key) => read(releaseKey(key), StoredRelease),

    async standing(key) {
      const { Item } = await client.send(
        new GetCommand({
          ...table,
          Key: releaseKey(key),
          ConsistentRead: true,
          ProjectionExpression: 'pk, sk, #status, #cancel',
          ExpressionAttributeNames: { '#status': 'status', '#cancel': 'cancel' },
        }),
      );
      if (!Item) return undefined;
      const { status, cancel } = parseItem(StoredStanding, Item);
      return { status, isCancelled: cancel !== undefined };
    },

    latest: (stage, limit) =>
      queryItems<ReleaseRecord, UnreadableRelease>(client, StoredRelease, {
        tableName,
        pk: stagePartition(stage),
        orElse: (item, why) => ({ release: { ...stage, id: idOf(item) }, status: 'unreadable', why }),
        prefix: 'RELEASE#',
        newestFirst: true,
        limit,
        // Service records lie between the releases.
        having: 'release',
      }),

    async open() {
      const found: ReleaseKey[] = [];
      for await (const page of paginateScan({ client }, { ...table, IndexName: OPEN_RELEASES_INDEX.name })) {
        for (const item of page.Items ?? []) {
          const { pk, open } = parseItem(OpenRelease, item);
          found.push({ ...stageOfPartition(pk), id: open });
        }
      }
      return found;
    },

    async recordIgnored(push) {
      const Item = { ...ignoredKey(push), ...push, expiresAt: secondsAfter(push.at, IGNORED_DAYS) };
      await client.send(new PutCommand({ ...table, Item }));
    },

    ignored: (app, limit) =>
      queryItems(client, IgnoredPush, {
        tableName,
        pk: ignoredPartition(app),
        orElse: leftOut,
        prefix: 'IGNORED#',
        newestFirst: true,
        limit,
      }),
  };
}

/** @returns the condition that an attribute is what was read, an absent one too. */
const is = (name: string, seen: string | undefined) =>
  seen === undefined
    ? { ConditionExpression: `attribute_not_exists(${name})` }
    : { ConditionExpression: `${name} = :seen`, ExpressionAttributeValues: { ':seen': seen } };

const idOf = ({ sk }: Readonly<Record<string, unknown>>): ReleaseId => String(sk).slice('RELEASE#'.length);

const secondsAfter = (iso: string, days: number): number => Math.floor(Date.parse(iso) / 1000) + days * 86_400;
