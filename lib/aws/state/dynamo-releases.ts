import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OPEN_RELEASES_INDEX } from '../../core/contracts/open-releases-index';
import { Release, ReleaseId, type ReleaseKey, type StageKey } from '../../core/contracts/release';
import { IgnoredPush, RefState, ReleaseRecord } from '../../core/contracts/state';
import type { UnreadableRelease } from '../../core/contracts/unreadable';
import { releaseNotRunning } from '../../core/record/fencing';
import { cancelledError } from '../../core/record/step-error';
import type { Acceptance, Queue, RefMove, Releases } from '../../ports/releases';
import { leftOut, parseItem, queryItems } from './state-items';
import {
  appPartition,
  eventKey,
  ignoredKey,
  ignoredPartition,
  lockKey,
  REFS,
  refKey,
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
/** By then each reconciliation has seen that it is gone. */
const GONE_DAYS = 30;

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

  const refItem = (
    { app, stage }: StageKey,
    { ref, head, at, releaseId }: RefMove & Pick<RefState, 'at' | 'releaseId'>,
  ) => ({
    ...refKey({ app, stage }, ref),
    stage,
    ref,
    at,
    ...(releaseId !== undefined && { releaseId }),
    ...(head === undefined ? { expiresAt: secondsAfter(at, GONE_DAYS) } : { head }),
  });

  return {
    async queue(stage) {
      const [waiting, lock] = await Promise.all([read(waitingKey(stage), Waiting), read(lockKey(stage), Lock)]);
      const last = lock?.lastReleaseId;
      if (!waiting || 'release' in waiting) return { waiting: waiting?.release, last };
      return { unreadable: { app: stage.app, stage: stage.stage, id: waiting.unreadable }, last };
    },

    async accept(release, seen, move): Promise<Acceptance> {
      const { id, trigger, requestedAt } = release;
      const waited = seen.waiting ?? seen.unreadable;
      const record: ReleaseRecord = { release, status: 'waiting' };
      const superseded = { status: 'superseded', supersededBy: id, finishedAt: requestedAt } as const;
      const expiresAt = secondsAfter(requestedAt, EVENT_DAYS);
      const [isNew, queueSame, lockSame, , hasMoved] = await transact(client, [
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
        ...(move
          ? [
              {
                Put: {
                  ...table,
                  Item: refItem(release, { ...move, at: requestedAt, releaseId: id }),
                  ...(move.once && ifMoved(move, seen)),
                },
              },
            ]
          : []),
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
      if (!isNew) {
        const event = await read(eventKey(release, trigger.id), Event);
        return event ? { kind: 'duplicate', releaseId: event.releaseId } : { kind: 'queue-changed' };
      }
      if (!queueSame || !lockSame) return { kind: 'queue-changed' };
      if (!move?.once || hasMoved) return { kind: 'accepted' };
      const { releaseId } = (await read(refKey(release, move.ref), RefState)) ?? {};
      return releaseId === undefined ? { kind: 'queue-changed' } : { kind: 'duplicate', releaseId };
    },

    async settle(stage, seen, state) {
      const waited = seen.waiting ?? seen.unreadable;
      const [waitingSame, lockSame] = await transact(client, [
        { ConditionCheck: { ...table, Key: waitingKey(stage), ...is('releaseId', waited?.id) } },
        { ConditionCheck: { ...table, Key: lockKey(stage), ...is('lastReleaseId', seen.last) } },
        { Put: { ...table, Item: refItem(stage, state) } },
      ]);
      return waitingSame && lockSame ? 'settled' : 'queue-changed';
    },

    async repeat(key, ref, wanted) {
      const condition = { names: { '#releaseId': 'releaseId' }, values: { ':id': key.id } };
      try {
        await retryConflicts(() =>
          client.send(
            new UpdateCommand({
              ...table,
              Key: refKey(key, ref),
              ConditionExpression: '#releaseId = :id',
              ...updateParts(wanted ? { again: key.id } : {}, { ...condition, remove: wanted ? [] : ['again'] }),
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    refs: (app) => queryItems(client, RefState, { tableName, pk: appPartition(app), prefix: REFS, orElse: leftOut }),

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

/**
 * @returns the condition that a state is another than the one accepted last; or that it became no release; or that it
 *   is asked for again, and nothing newer was accepted in the stage since
 */
function ifMoved({ head }: RefMove, { waiting, unreadable, last }: Queue) {
  const again = (waiting ?? unreadable) ? undefined : last;
  const conditions = [
    'attribute_not_exists(releaseId)',
    ...(head === undefined ? ['attribute_exists(#head)'] : ['attribute_not_exists(#head)', '#head <> :head']),
    ...(again === undefined ? [] : ['again = :again']),
  ];
  const values = { ...(head !== undefined && { ':head': head }), ...(again !== undefined && { ':again': again }) };
  return {
    ConditionExpression: conditions.join(' OR '),
    ExpressionAttributeNames: { '#head': 'head' },
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** @returns the condition that an attribute is what was read, an absent one too. */
const is = (name: string, seen: string | undefined) =>
  seen === undefined
    ? { ConditionExpression: `attribute_not_exists(${name})` }
    : { ConditionExpression: `${name} = :seen`, ExpressionAttributeValues: { ':seen': seen } };

const idOf = ({ sk }: Readonly<Record<string, unknown>>): ReleaseId => String(sk).slice('RELEASE#'.length);

const secondsAfter = (iso: string, days: number): number => Math.floor(Date.parse(iso) / 1000) + days * 86_400;
