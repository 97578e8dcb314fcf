/** Where and how a hook delivers. */
export interface HookConfig {
  readonly url: string;
  readonly content_type: 'json' | 'form';
  readonly secret?: string;
  readonly insecure_ssl: string;
}

/** Whose a hook is: a repository's own, or an app's, which is for all repositories where the app is installed. */
export interface HookTarget {
  readonly kind: 'repository' | 'integration';
  readonly id: number;
}

export interface Hook {
  readonly id: number;
  readonly target: HookTarget;
  readonly active: boolean;
  /** Names of events; `*` is all. */
  readonly events: readonly string[];
  readonly config: HookConfig;
  readonly created: number;
  readonly updated: number;
}

/** One attempt to deliver an event. */
export interface Delivery {
  readonly id: number;
  /** `X-GitHub-Delivery`, which a redelivery repeats. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly delivered: number;
  readonly redelivery: boolean;
  readonly repositoryId: number | null;
  readonly installationId: number | null;
  /** In seconds. */
  readonly duration: number;
  readonly status: string;
  readonly statusCode: number;
  /** The body, before it gets the form of the hook's content type. */
  readonly payload: string;
}

/** How many deliveries of a hook are kept; GitHub keeps three days' worth. */
const KEPT = 1000;

/** The hooks, and their deliveries. */
export class Hooks {
  readonly #hooks = new Map<number, Hook>();
  readonly #deliveries = new Map<number, Delivery[]>();
  #last = 0;

  constructor(private readonly now: () => number) {}

  add(target: HookTarget, { active, events, config }: Pick<Hook, 'active' | 'events' | 'config'>): Hook {
    this.#last += 1;
    const now = this.now();
    const hook = { id: this.#last, target, active, events, config, created: now, updated: now };
    this.#hooks.set(hook.id, hook);
    return hook;
  }

  remove(id: number): void {
    this.#hooks.delete(id);
    this.#deliveries.delete(id);
  }

  /** @returns the hooks of a repository or an app, oldest first. */
  of({ kind, id }: HookTarget): readonly Hook[] {
    return [...this.#hooks.values()].filter(({ target }) => target.kind === kind && target.id === id);
  }

  /** Keeps a delivery, whether it succeeded or not. */
  record(hookId: number, delivery: Omit<Delivery, 'id'>): void {
    this.#last += 1;
    const known = this.#deliveries.get(hookId) ?? [];
    this.#deliveries.set(hookId, [{ id: this.#last, ...delivery }, ...known].slice(0, KEPT));
  }

  /** @returns the deliveries of a hook, newest first. */
  deliveries(hookId: number): readonly Delivery[] {
    return this.#deliveries.get(hookId) ?? [];
  }
}
