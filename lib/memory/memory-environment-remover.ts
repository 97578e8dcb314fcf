import type { EnvironmentRemover } from '../ports/environment-remover';

/** In-memory twin of the port EnvironmentRemover: `parameters` are names of variables with their paths. */
export function memoryEnvironmentRemover(): EnvironmentRemover & { readonly parameters: Set<string> } {
  const parameters = new Set<string>();
  return {
    parameters,
    async remove(path) {
      const own = [...parameters].filter((name) => name.startsWith(`${path}/`));
      for (const name of own) parameters.delete(name);
      return own.length;
    },
  };
}
