import { randomUUID } from 'node:crypto';
import { stampOf } from '../core/build/environment-hash';
import type { StageVariable } from '../core/contracts/environment-variable';
import { settingsStage } from '../core/contracts/release';
import { environmentLayers, environmentPath, type StageOfApp } from '../core/contracts/stage-environment';
import type { EnvironmentStamps, Environments } from '../ports/environments';

/** In-memory twin of the ports Environments and EnvironmentStamps. */
export function memoryEnvironments(): Environments & EnvironmentStamps {
  const kept = new Map<string, Map<string, StageVariable>>();
  const stamps = new Map<string, string>();
  const salts = new Map<string, string>();
  const of = (stage: StageOfApp) => {
    const path = environmentPath(stage);
    const found = kept.get(path) ?? new Map<string, StageVariable>();
    kept.set(path, found);
    return found;
  };
  const saltKey = (stage: StageOfApp): string => `${stage.app}/${settingsStage(stage)}`;

  return {
    list: async (stage, { secrets }) =>
      [...of(stage).values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((variable) => (variable.secret && !secrets ? { ...variable, value: undefined } : variable)),

    async set(stage, variables) {
      for (const variable of variables) {
        const { version = 0, secret } = of(stage).get(variable.name) ?? {};
        const from = secret === undefined || secret === variable.secret ? version : 0;
        of(stage).set(variable.name, { ...variable, version: from + 1, changedAt: new Date().toISOString() });
      }
      if (!salts.has(saltKey(stage))) salts.set(saltKey(stage), randomUUID());
      stamps.set(environmentPath(stage), randomUUID());
    },

    async remove(stage, names) {
      const removed = names.filter((name) => of(stage).delete(name));
      if (removed.length > 0) stamps.set(environmentPath(stage), randomUUID());
      return removed;
    },

    salt: async (stage) => salts.get(saltKey(stage)),

    stamp: async (stage) => stampOf(environmentLayers(stage).map((layer) => stamps.get(environmentPath(layer)))),
  };
}
