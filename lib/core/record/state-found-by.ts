import type { ServiceState } from '../contracts/state';

/** @returns a service's state as a release found it, without the mark that the release itself may have set since. */
export function stateFoundBy(releaseId: string, state: ServiceState | undefined): ServiceState | undefined {
  if (state?.status !== 'deploying' || state.releaseId !== releaseId) return state;
  return state.found && { ...state, ...state.found };
}
