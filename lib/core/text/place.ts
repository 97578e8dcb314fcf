/** Where something stands in a configuration file: the keys and list indexes that lead to it. */
export type Place = readonly PropertyKey[];

/** Something wrong in a configuration file: where, and what to do about it. */
export interface ConfigProblem {
  readonly place: Place;
  readonly message: string;
}

/** @returns a place as messages name it: `apps.shop.branches[0]`. */
export const keyText = (place: Place): string =>
  place
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');

export const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part], value);

const SHOWN_CHARACTERS = 60;

/** @returns a value as messages show it, cut if it is long. */
export function shown(value: unknown): string {
  const text = value === null ? 'empty' : (JSON.stringify(value) ?? 'empty');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
