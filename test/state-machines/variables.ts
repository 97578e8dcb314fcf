import type { Json } from '../../lib/core/text/canonical-json';

/**
 * The variables of one scope. A machine has one; each item of a Map has its own, which reads those around it and sets
 * only its own: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html. That no name is set both
 * inside and outside is checked beforehand, in the definition.
 */
export interface Variables {
  /** All that is to be seen from here, by name. */
  all(): Readonly<Record<string, Json>>;
  set(values: Readonly<Record<string, Json>>): void;
  /** @returns a scope within this one. */
  inner(): Variables;
}

export function variables(outer: () => Readonly<Record<string, Json>> = () => ({})): Variables {
  let own: Readonly<Record<string, Json>> = {};
  const all = () => ({ ...outer(), ...own });
  return {
    all,
    inner: () => variables(all),
    set(values) {
      own = { ...own, ...values };
    },
  };
}
