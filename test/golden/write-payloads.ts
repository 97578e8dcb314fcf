import { rollback } from '../../lambdas/trigger/rollback';
import type { Json } from '../../lib/core/text/canonical-json';
import { releaseWorld } from '../lambdas/release-world';
import type { ownDefinitions } from '../state-machines/definitions';

/** What a worker was given, by the name of its module; an item that a state wrote has none. */
export interface Payload {
  readonly worker: string;
  readonly event: Json;
}

const GRADUAL = { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: false } as const;
/** What invokes the function: without it there is no traffic to move gradually. */
const QUEUE = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: { Ref: 'List' }, EventSourceArn: 'arn:aws:sqs:eu-central-1:123456789012:orders' },
};
const HOOKS =
  'before_deploy: [echo]\nafter_deploy: [echo]\nafter_all: [echo]\nbefore_remove: [echo]\nafter_remove: [echo]\n';

/**
 * Releases and removes in memory.
 *
 * @param definitions those of today if not given
 * @returns what passed between states and workers, a payload of each shape; and what the releases left in the artifact
 * repository
 */
export async function writePayloads(definitions?: ReturnType<typeof ownDefinitions>) {
  const payloads = new Map<string, Payload>();
  const world = releaseWorld({
    definitions,
    called: (worker, event) => {
      const key = `${worker} ${shapeOf(event)}`;
      if (!payloads.has(key)) payloads.set(key, { worker, event: structuredClone(event) });
      // Traffic has moved whenever somebody looks.
      if (/^(watch|wait-for-shift)$/.test(worker)) world.inTarget.shifts.advance();
    },
  });
  const orders = (code: string, more = {}) => ({
    services: { orders: { functions: { List: code }, resources: { Queue: QUEUE, ...more } } },
  });
  const gone = () => Promise.reject(new Error('gone'));
  const gradually = async (code: string, instead: Parameters<typeof world.run>[1] = {}) =>
    world.run({ ...(await world.begin(orders(code))), shift: GRADUAL }, instead);

  const first = await world.release({ ...orders('1'), seedYml: HOOKS });
  await world.release({ ...orders('2'), seedYml: HOOKS });
  const { started } = await rollback(world)({ ...world.at, requestId: 'back', to: first.release.id });
  await world.run((await world.releases.find({ ...world.at, id: started!.releaseId }))!.release);
  await world.release(orders('1'));
  await gradually('2');
  // Without a watcher services look for themselves.
  await gradually('3', { instead: { watch: gone } });
  await gradually('4', { instead: { 'start-shift': gone } });
  const Topic = { Type: 'AWS::SNS::Topic', Properties: {} };
  await world.release(orders('5', { Topic }), { instead: { watch: gone } });
  await world.release(orders('6'), { failing: () => ({ code: 'PackageFailed', message: 'no' }) });
  await world.release(orders('7'), { instead: { 'move-aliases': gone } });
  await world.release(orders('8'));
  await world.remove();
  const artifacts = [...world.artifacts.objects].flatMap(([key, bytes]) =>
    key.endsWith('.json') ? [[key, JSON.parse(Buffer.from(bytes).toString())] as const] : [],
  );
  const sorted = [...payloads].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, payload]) => payload);
  return { payloads: sorted, artifacts: Object.fromEntries(artifacts) as Readonly<Record<string, Json>> };
}

/** @returns the keys of a value and those within, without the values; lists have the shape of their first entry */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length > 0 ? shapeOf(value[0]) : ''}]`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : '';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${key}${shapeOf(inner)}`)
    .join()}}`;
}
