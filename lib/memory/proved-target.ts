import type { Fence } from '../ports/fence';
import type { TargetPorts, TargetPortsOf } from '../ports/target-ports';

/** The methods that change something in a target. Tables of hooks are the platform's own. */
export const CHANGES = {
  functions: ['updateCode', 'publish', 'moveAlias'],
  stacks: ['create', 'update', 'cancelUpdate', 'delete'],
  shifts: ['ensureGroups', 'start', 'stop', 'reportHook'],
  buckets: ['delete', 'abortUploads'],
} as const satisfies { readonly [Name in keyof TargetPorts]?: readonly (keyof TargetPorts[Name])[] };

/** @returns a target that, as AWS's does, has each change proved just before it is made for a release */
export const provedTarget =
  (portsOf: TargetPortsOf, fence: Fence): TargetPortsOf =>
  (target, caller) => {
    const ports = portsOf(target, caller);
    const release = caller?.release;
    if (!release) return ports;
    const proved = Object.entries(CHANGES).map(([name, methods]) => {
      const port = ports[name as keyof typeof CHANGES] as object;
      const changing = methods.map((method) => [
        method,
        async (...given: readonly unknown[]) => {
          await fence.prove(release);
          return (port as Record<string, (...given: readonly unknown[]) => unknown>)[method]!(...given);
        },
      ]);
      return [name, { ...port, ...Object.fromEntries(changing) }];
    });
    return { ...ports, ...Object.fromEntries(proved) };
  };
