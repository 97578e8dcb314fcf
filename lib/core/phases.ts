import { ReleaseError } from './errors';
import { nearest } from './nearest';
import type { ServicePath } from './release';
import { toServicePath } from './service-path';
import type { PlannedService } from './state';

/**
 * Puts services into phases. Services that `phases` does not list come after all that it lists, since they may need them.
 *
 * @param deploy the services to deploy
 * @param services all registered services; a phase may name any of them
 * @param phases the key `phases` of seed.yml; without it everything is one phase
 * @returns the phases in which something is deployed
 * @throws ReleaseError ServiceNotFound (a phase names no service) or ConfigInvalid (a service is in two phases)
 */
export function orderPhases(
  deploy: readonly PlannedService[],
  services: readonly ServicePath[],
  phases: readonly (readonly string[])[] = [],
): PlannedService[][] {
  const phaseOf = indexPhases(phases, services);
  const ordered: PlannedService[][] = Array.from({ length: phases.length + 1 }, () => []);
  for (const service of deploy) ordered[phaseOf.get(service.path) ?? phases.length]!.push(service);
  return ordered.filter((phase) => phase.length > 0);
}

function indexPhases(
  phases: readonly (readonly string[])[],
  services: readonly ServicePath[],
): ReadonlyMap<ServicePath, number> {
  const registered = new Set(services);
  const phaseOf = new Map<ServicePath, number>();
  for (const [number, texts] of phases.entries()) {
    for (const [index, text] of texts.entries()) {
      const key = `seed.yml: phases[${number}][${index}]: "${text}"`;
      const path = toServicePath(text);
      if (path === undefined || !registered.has(path)) {
        const meant = nearest(text, services);
        const hint =
          meant === undefined ? `use one of: ${services.slice(0, 10).join(', ')}` : `did you mean "${meant}"?`;
        throw new ReleaseError('ServiceNotFound', `${key} is not a service of the repository; ${hint}`);
      }
      const earlier = phaseOf.get(path);
      if (earlier !== undefined) {
        throw new ReleaseError('ConfigInvalid', `${key} is already in phases[${earlier}]; remove one of the two`);
      }
      phaseOf.set(path, number);
    }
  }
  return phaseOf;
}
