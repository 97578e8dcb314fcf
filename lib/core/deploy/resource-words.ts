/** A resource of a stack, as far as it has a name. */
export interface ResourceThere {
  readonly logicalId: string;
  readonly type: string;
  /** Name or ARN. */
  readonly physicalId?: string;
}

/** @returns a resource as messages name it: logical id, type, and what it is called in the account. */
export const inWordsOf = ({ logicalId, type, physicalId }: ResourceThere): string =>
  `${logicalId} (${type}${physicalId === undefined ? '' : ` "${physicalId}"`})`;
