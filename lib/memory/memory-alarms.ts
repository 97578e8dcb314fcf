import type { AlarmState, Alarms } from '../ports/alarms';

/** In-memory twin of the port Alarms; `all` holds the states by name. */
export function memoryAlarms(): Alarms & { readonly all: Map<string, AlarmState> } {
  const all = new Map<string, AlarmState>();
  return {
    all,
    states: async (names) => new Map(names.map((name) => [name, all.get(name) ?? 'missing'])),
  };
}
