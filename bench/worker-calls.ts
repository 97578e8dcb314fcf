import type { CallCount } from '../lib/local/gateway/call-log';

/** @returns the name of what was called, for a table. */
export const nameOf = ({ service, operation }: CallCount): string => `${service} ${operation}`;

/** @returns how many calls these are. */
export const sumOf = (calls: readonly CallCount[]): number => calls.reduce((total, { count }) => total + count, 0);

/**
 * @param worker its construct's id, such as `MoveAliases`
 * @returns whether it made a call, in its own role or as the deploy role of a target: its session is named after it
 */
export function isCallOf(worker: string, { caller }: CallCount): boolean {
  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  const session = caller?.split('/').at(-1) ?? '';
  return session === `seedbed-${kebab(worker)}` || session.includes(`Workers${worker}`);
}

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
