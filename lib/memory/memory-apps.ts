import type { AppConfig } from '../core/contracts/app-config';
import { repositoryParameter } from '../core/contracts/app-parameters';
import type { Apps } from '../ports/apps';

/** In-memory twin of the port Apps. */
export function memoryApps(configs: readonly AppConfig[]): Apps {
  return {
    find: async (app) => configs.find((config) => config.app === app),
    findByRepository: async (asked) =>
      configs.find(({ repository }) => repositoryParameter(repository) === repositoryParameter(asked)),
    names: async () => configs.map(({ app }) => app).sort(),
  };
}
