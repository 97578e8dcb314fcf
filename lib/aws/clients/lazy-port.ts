/**
 * A port whose adapter is loaded by its first call: a worker that needs it only when something has gone wrong then
 * starts as quickly as one that never needs it.
 *
 * @param load loads the adapter; called once
 * @returns a port of which every method is asynchronous, as those of all ports into a target are
 */
export function lazyPort<Port extends object>(load: () => Promise<Port>): Port {
  let loaded: Promise<Port> | undefined;
  const method =
    (name: string | symbol) =>
    async (...args: unknown[]): Promise<unknown> => {
      loaded ??= load();
      const port = (await loaded) as Record<string | symbol, (...args: unknown[]) => Promise<unknown>>;
      return port[name]!(...args);
    };
  return new Proxy({} as Port, { get: (_, name) => method(name) });
}
