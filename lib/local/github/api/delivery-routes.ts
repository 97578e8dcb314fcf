import type { Needs } from '../access/permissions';
import { Answer, notFound } from '../http/answer';
import { deliveryJson, fullDeliveryJson } from '../json/hook-json';
import type { Hook } from '../webhooks/hooks';
import { type Call, id, type Route } from './call';
import { pageOf } from './pages';
import type { GitHubParts } from './parts';

/** Where the deliveries of a hook are, and who may see them and have them made again. */
export interface DeliveriesOf<C extends Call> {
  /** Path of the hook. */
  readonly path: string;
  readonly read: Needs;
  readonly write: Needs;
  readonly hookOf: (call: C) => Hook;
}

/** The deliveries of a repository's or an app's hook, as in GitHub's REST API. */
export function deliveryRoutes<C extends Call>(
  { hooks, webhooks }: GitHubParts,
  of: DeliveriesOf<C>,
): readonly Route<C>[] {
  const { path, read, write, hookOf } = of;
  const find = (call: C) => {
    const hook = hookOf(call);
    const delivery = hooks.deliveries(hook.id).find((one) => one.id === id(call, 'delivery'));
    if (!delivery) throw notFound();
    return { hook, delivery };
  };
  return [
    {
      route: `GET ${path}/deliveries`,
      needs: read,
      respond: (call) => {
        const status = call.query.get('status');
        const all = hooks
          .deliveries(hookOf(call).id)
          .filter((one) => !status || (status === 'success') === isSuccess(one.statusCode));
        // These pages go on from a delivery, so that new ones do not move them.
        const before = Number(call.query.get('cursor') ?? Number.POSITIVE_INFINITY);
        const rest = all.filter((delivery) => delivery.id < before);
        const shown = rest.slice(0, pageOf(call).size);
        const next = new URL(call.url);
        next.searchParams.set('cursor', String(shown.at(-1)?.id));
        const headers: Record<string, string> = rest.length > shown.length ? { link: `<${next}>; rel="next"` } : {};
        return new Answer(200, shown.map(deliveryJson), headers);
      },
    },
    {
      route: `GET ${path}/deliveries/{delivery}`,
      needs: read,
      respond: (call) => {
        const { hook, delivery } = find(call);
        return fullDeliveryJson(delivery, hook);
      },
    },
    {
      route: `POST ${path}/deliveries/{delivery}/attempts`,
      needs: write,
      respond: (call) => {
        const { hook, delivery } = find(call);
        webhooks.send(hook, { ...delivery, payload: delivery.request.payload }, 'redelivery');
        return new Answer(202, {});
      },
    },
  ];
}

const isSuccess = (statusCode: number): boolean => statusCode >= 200 && statusCode < 400;
