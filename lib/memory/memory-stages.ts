import type { MadeStage } from '../core/contracts/made-stage';
import type { StageKey } from '../core/contracts/release';
import type { Stages } from '../ports/stages';

/** In-memory twin of the port Stages. */
export function memoryStages(): Stages {
  const stages = new Map<string, MadeStage>();
  const keyOf = ({ app, stage }: StageKey): string => `${app}/${stage}`;
  return {
    async make(stage) {
      const { removeAskedAt: _, ...kept } = stages.get(keyOf(stage)) ?? stage;
      stages.set(keyOf(stage), kept);
    },
    find: async (key) => stages.get(keyOf(key)),
    list: async (app) =>
      [...stages.values()].filter((stage) => stage.app === app).sort((a, b) => (a.stage < b.stage ? -1 : 1)),
    async change(key, values) {
      const found = stages.get(keyOf(key));
      if (found) stages.set(keyOf(key), { ...found, ...values });
    },
    async forget(key) {
      const found = stages.get(keyOf(key));
      if (found && found.removeAskedAt === undefined) return 'wanted';
      stages.delete(keyOf(key));
      return 'forgotten';
    },
  };
}
