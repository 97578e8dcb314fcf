import type { Reason } from '../contracts/reasons';
import type { ServicePath } from '../contracts/release';
import type { Plan, PlannedService, ServiceState } from '../contracts/state';

/** @returns what a plan says of a service that the commit does not have; it may be in use, and so it stays */
export function goneFromCommit({ path, commit, stackName }: ServiceState): PlannedService {
  const what = commit === undefined ? 'not deployed completely' : `deployed (${commit.slice(0, 7)})`;
  const stack = stackName === undefined ? '' : `, with stack "${stackName}"`;
  const message = `${what}, not in this commit; it stays as it is${stack}, until "seedbed stage rm" removes the stage`;
  return { path, reasons: [{ code: 'not-in-commit', message }] };
}

/** @returns whether the plan says of a service that the commit does not have it */
export const isGoneFromCommit = ({ reasons }: { readonly reasons: readonly Reason[] }): boolean =>
  reasons.some(({ code }) => code === 'not-in-commit');

/** @returns what is deployed and is no service of the commit, by what the plan says of it */
export const notInCommit = (plan: Plan | undefined): readonly ServicePath[] =>
  (plan?.skip ?? []).filter(isGoneFromCommit).map(({ path }) => path);
