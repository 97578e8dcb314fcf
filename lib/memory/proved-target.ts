import type { Caller } from '../core/contracts/call-reservations';
import type { Fence } from '../ports/fence';
import type { TargetPorts, TargetPortsOf } from '../ports/target-ports';

/** The methods that change something in a target. Tables of hooks are the platform's own. */
const CHANGES = {
  functions: ['updateCode', 'publish', 'moveAlias'],
  stacks: ['create', 'update', 'cancelUpdate', 'delete'],
  shifts: ['ensureGroups', 'start', 'stop', 'reportHook'],
  buckets: ['delete', 'abortUploads'],
} as const satisfies { readonly [Name in keyof TargetPorts]?: readonly (keyof TargetPorts[Name])[] };

/**
 * @param before called before each change, by `<port>.<method>`; one for which it throws is not made
 * @returns a target that does what the given one does
 */
export const beforeChanges =
  (portsOf: TargetPortsOf, before: (caller: Caller | undefined, change: string) => unknown): TargetPortsOf =>
  (target, caller) => {
    const ports = portsOf(target, caller);
    const wrapped = Object.entries(CHANGES).map(([name, methods]) => {
      const port = ports[name as keyof typeof CHANGES] as object;
      const changing = methods.map((method) => [
        method,
        async (...given: readonly unknown[]) => {
          await before(caller, `${name}.${method}`);
          return (port as Record<string, (...given: readonly unknown[]) => unknown>)[method]!(...given);
        },
      ]);
      return [name, { ...port, ...Object.fromEntries(changing) }];
    });
    return { ...ports, ...Object.fromEntries(wrapped) };
  };

/** @returns a target that, as AWS's does, has each change proved just before it is made for a release */
export const provedTarget = (portsOf: TargetPortsOf, fence: Fence): TargetPortsOf =>
  beforeChanges(portsOf, (caller) => caller?.release && fence.prove(caller.release));
