/** The parts of a DynamoDB update that sets and removes attributes; every name goes through a placeholder. */
export interface UpdateParts {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/**
 * @param values attributes to set; those that are `undefined` stay as they are
 * @param options `remove`: attributes to remove; `names`, `values`: placeholders that a condition needs as well
 */
export function updateParts(
  values: Readonly<Record<string, unknown>>,
  options: {
    readonly remove?: readonly string[];
    readonly names?: Record<string, string>;
    readonly values?: Record<string, unknown>;
  } = {},
): UpdateParts {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const remove = options.remove ?? [];
  const clauses = [
    given.length > 0 ? `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}` : '',
    remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
  ];
  const names = [...given.map(([name]) => name), ...remove].map((name) => [`#${name}`, name]);
  const all = { ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])), ...options.values };
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ExpressionAttributeNames: { ...Object.fromEntries(names), ...options.names },
    ...(Object.keys(all).length > 0 && { ExpressionAttributeValues: all }),
  };
}
