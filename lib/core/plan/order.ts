import type { ErrorCode } from '../contracts/errors';
import type { ServicePath } from '../contracts/release';
import { toServicePath } from '../contracts/service-path';
import type { PlannedService } from '../contracts/state';
import { useInstead } from '../text/nearest';
import { type ConfigProblem, keyText, type Place } from '../text/place';

/** The keys of seed.yml that say in which order services deploy; at most one of them is there. */
export interface OrderKeys {
  /** Phase after phase; services that are in none come last, since they may need all that is listed. */
  readonly phases?: readonly (readonly string[])[];
  /** By service, those that it comes after; a service that is not listed waits for none. */
  readonly deploy_after?: Readonly<Record<string, readonly string[]>>;
}

/** The number of each service's phase, counted over all services of the repository. */
export type Order = ReadonlyMap<ServicePath, number>;

/** Something wrong in an order, and the code with which it stops a release. */
export interface OrderProblem extends ConfigProblem {
  readonly code: Extract<ErrorCode, 'ServiceNotFound' | 'ConfigInvalid'>;
}

/**
 * @param services all services of the repository
 * @returns the phase of each of them, or what is wrong
 */
export function readOrder(
  keys: OrderKeys,
  services: readonly ServicePath[],
): { readonly order: Order; readonly problems: readonly OrderProblem[] } {
  const reader = new OrderReader(services);
  const order = keys.deploy_after ? reader.levels(keys.deploy_after) : reader.listed(keys.phases ?? []);
  return { order, problems: reader.problems };
}

/** @returns the services in their phases; a phase in which nothing is deployed is left out. */
export function inPhases(deploy: readonly PlannedService[], order: Order): PlannedService[][] {
  const phases = new Map<number, PlannedService[]>();
  for (const service of deploy) {
    const phase = order.get(service.path) ?? 0;
    const among = phases.get(phase);
    if (among) among.push(service);
    else phases.set(phase, [service]);
  }
  return [...phases].sort(([a], [b]) => a - b).map(([, phase]) => phase);
}

class OrderReader {
  readonly problems: OrderProblem[] = [];
  private readonly registered: ReadonlySet<ServicePath>;

  constructor(private readonly services: readonly ServicePath[]) {
    this.registered = new Set(services);
  }

  listed(phases: readonly (readonly string[])[]): Order {
    const order = new Map<ServicePath, number>();
    for (const [number, texts] of phases.entries()) {
      for (const [index, text] of texts.entries()) {
        const place = ['phases', number, index];
        const path = this.service(text, place);
        if (path === undefined) continue;
        const earlier = order.get(path);
        if (earlier === undefined) order.set(path, number);
        else this.refuse(place, `${keyText(place)}: "${text}" is already in phases[${earlier}]; remove one of the two`);
      }
    }
    for (const path of this.services) if (!order.has(path)) order.set(path, phases.length);
    return order;
  }

  /** A service's phase is the first after those of all that it comes after. */
  levels(deployAfter: Readonly<Record<string, readonly string[]>>): Order {
    const after = this.dependencies(deployAfter);
    const order = new Map<ServicePath, number>();
    const way: ServicePath[] = [];
    const levelOf = (path: ServicePath): number => {
      const known = order.get(path);
      if (known !== undefined) return known;
      const since = way.indexOf(path);
      if (since !== -1) {
        this.refuseCycle([...way.slice(since), path], deployAfter);
        return 0;
      }
      way.push(path);
      const level = Math.max(-1, ...(after.get(path) ?? []).map(levelOf)) + 1;
      way.pop();
      order.set(path, level);
      return level;
    };
    for (const path of this.services) levelOf(path);
    return order;
  }

  private dependencies(
    deployAfter: Readonly<Record<string, readonly string[]>>,
  ): ReadonlyMap<ServicePath, readonly ServicePath[]> {
    const after = new Map<ServicePath, ServicePath[]>();
    for (const [text, others] of Object.entries(deployAfter)) {
      const place = ['deploy_after', text];
      const path = this.service(text, place);
      const known = others.flatMap((other, index) => this.service(other, [...place, index]) ?? []);
      if (path === undefined) continue;
      if (after.has(path)) {
        this.refuse(place, `${keyText(place)} is in deploy_after under another spelling already; write it once`);
      }
      if (known.includes(path)) {
        this.refuse(place, `${keyText(place)}: service "${path}" cannot come after itself; remove it from its list`);
      }
      after.set(
        path,
        known.filter((other) => other !== path),
      );
    }
    return after;
  }

  /** @param cycle begins and ends with the same service */
  private refuseCycle(cycle: readonly ServicePath[], deployAfter: Readonly<Record<string, readonly string[]>>): void {
    const written = Object.keys(deployAfter).find((text) => toServicePath(text) === cycle[0]) ?? cycle[0]!;
    const circle = cycle.join(' → ');
    const message = `deploy_after: services wait for each other in a circle: ${circle}; remove one of these entries`;
    this.refuse(['deploy_after', written], message);
  }

  private service(text: string, place: Place): ServicePath | undefined {
    const path = toServicePath(text);
    if (path !== undefined && this.registered.has(path)) return path;
    const hint = useInstead(text, this.services);
    const message = `${keyText(place)}: "${text}" is not a service of the repository; ${hint}`;
    this.problems.push({ code: 'ServiceNotFound', place, message });
    return undefined;
  }

  private refuse(place: Place, message: string): void {
    this.problems.push({ code: 'ConfigInvalid', place, message });
  }
}
