import type { Needs } from '../access/permissions';
import { Answer } from '../http/answer';
import { deliveryJson } from '../json/hook-json';
import type { Hook } from '../webhooks/hooks';
import type { Call, Route } from './call';
import { pageOf } from './pages';
import type { GitHubParts } from './parts';

/** Where a hook is, and who may see what was delivered to it. */
export interface DeliveriesOf<C extends Call> {
  /** Path of the hook. */
  readonly path: string;
  readonly needs: Needs;
  readonly hookOf: (call: C) => Hook;
}

/** The list of what was delivered to a repository's or an app's hook, as in GitHub's REST API. */
export function deliveriesRoute<C extends Call>(
  { hooks }: GitHubParts,
  { path, needs, hookOf }: DeliveriesOf<C>,
): Route<C> {
  return {
    route: `GET ${path}/deliveries`,
    needs,
    respond: (call) => {
      const status = call.query.get('status');
      const all = hooks
        .deliveries(hookOf(call).id)
        .filter((one) => !status || (status === 'success') === isSuccess(one.statusCode));
      // Each page continues after a delivery, so that new deliveries do not move the pages.
      const before = Number(call.query.get('cursor') ?? Number.POSITIVE_INFINITY);
      const rest = all.filter((delivery) => delivery.id < before);
      const shown = rest.slice(0, pageOf(call).size);
      const next = new URL(call.url);
      next.searchParams.set('cursor', String(shown.at(-1)?.id));
      const headers: Record<string, string> = rest.length > shown.length ? { link: `<${next}>; rel="next"` } : {};
      return new Answer(200, shown.map(deliveryJson), headers);
    },
  };
}

const isSuccess = (statusCode: number): boolean => statusCode >= 200 && statusCode < 400;
