import * as z from 'zod';
import { loginOf } from '../access/caller';
import { Answer, created, noContent, notFound, unprocessable } from '../http/answer';
import { hookJson } from '../json/hook-json';
import { apiUrlOf, repositoryJson } from '../json/repository-json';
import type { Hook, HookTarget } from '../webhooks/hooks';
import { toEvent } from '../webhooks/webhooks';
import { id, input, type RepositoryCall, type RepositoryRoute } from './call';
import { deliveriesRoute } from './deliveries-route';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ repository_hooks: 'read' }] as const;
const WRITE = [{ repository_hooks: 'write' }] as const;
/** How many hooks of a repository may have the same event. */
const MOST = 20;

/** Where and how a hook delivers. */
const ConfigInput = z.object({
  url: z.url({ protocol: /^https?$/ }),
  content_type: z.enum(['json', 'form']).default('form'),
  secret: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).default('0').transform(String),
});
const NewInput = z.object({
  name: z.literal('web').default('web'),
  active: z.boolean().default(true),
  events: z.array(z.string()).min(1).default(['push']),
  config: ConfigInput,
});
/** A repository's webhooks, as in GitHub's REST API. */
export function hookRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { hooks, webhooks, accounts } = parts;
  const json = (call: RepositoryCall, hook: Hook) =>
    hookJson(hook, `${apiUrlOf(parts, call.repository)}/hooks/${hook.id}`, hooks.deliveries(hook.id)[0]);
  const find = (call: RepositoryCall) => {
    const hook = hooks.of(target(call)).find((one) => one.id === id(call, 'hook'));
    if (!hook) throw notFound();
    return hook;
  };
  const ping = (call: RepositoryCall, hook: Hook) => {
    const payload = {
      zen: 'Approachable is better than simple.',
      hook_id: hook.id,
      hook: json(call, hook),
      repository: repositoryJson(parts, call.repository),
      sender: accounts.json(loginOf(call.caller)),
    };
    webhooks.send(hook, toEvent('ping', payload, call.repository));
  };
  return [
    {
      route: 'GET /hooks',
      needs: READ,
      respond: (call) => paged(call, hooks.of(target(call)), (hook) => json(call, hook)),
    },
    {
      route: 'POST /hooks',
      needs: WRITE,
      respond: (call) => {
        const { active, events, config } = input(call, 'Hook', NewInput);
        const known = hooks.of(target(call));
        if (known.some((one) => one.config.url === config.url && one.events.join() === events.join()))
          throw unprocessable('Hook', 'Hook already exists on this repository');
        if (events.some((event) => known.filter((one) => one.events.includes(event)).length >= MOST))
          throw unprocessable('Hook', `The "${events.join()}" event cannot have more than ${MOST} hooks`);
        const hook = hooks.add(target(call), { active, events, config });
        if (active) ping(call, hook);
        return created(json(call, hook));
      },
    },
    {
      route: 'DELETE /hooks/{hook}',
      needs: WRITE,
      respond: (call) => {
        hooks.remove(find(call).id);
        return noContent();
      },
    },
    deliveriesRoute<RepositoryCall>(parts, { path: '/hooks/{hook}', needs: READ, hookOf: find }),
    {
      route: 'POST /hooks/{hook}/deliveries/{delivery}/attempts',
      needs: WRITE,
      respond: (call) => {
        const hook = find(call);
        const delivery = hooks.deliveries(hook.id).find((one) => one.id === id(call, 'delivery'));
        if (!delivery) throw notFound();
        webhooks.send(hook, delivery, 'redelivery');
        return new Answer(202, {});
      },
    },
  ];
}

const target = ({ repository }: RepositoryCall): HookTarget => ({ kind: 'repository', id: repository.id });
