import { environmentPath, environmentStampParameter } from '../core/contracts/stage-environment';
import type { EnvironmentRemover } from '../ports/environments';

/** In-memory twin of the port EnvironmentRemover: `parameters` are names of parameters. */
export function memoryEnvironmentRemover(): EnvironmentRemover & { readonly parameters: Set<string> } {
  const parameters = new Set<string>();
  return {
    parameters,
    async remove(stage) {
      const own = [...parameters].filter((name) => name.startsWith(`${environmentPath(stage)}/`));
      for (const name of [...own, environmentStampParameter(stage)]) parameters.delete(name);
      return own.length;
    },
  };
}
