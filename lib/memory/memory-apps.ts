import type { AppConfig } from '../core/app-config';
import type { Apps } from '../ports/apps';

/** In-memory twin of the port Apps. */
export function memoryApps(configs: readonly AppConfig[]): Apps {
  return {
    find: async (app) => configs.find((config) => config.app === app),
    findByRepository: async ({ provider, name }) =>
      configs.find(({ repository }) => repository.provider === provider && repository.name === name),
    names: async () => configs.map(({ app }) => app).sort(),
  };
}
