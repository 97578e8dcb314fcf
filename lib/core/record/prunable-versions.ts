/** A published version of a function. */
export interface PublishedVersion {
  /** Its number. */
  readonly version: string;
  /** Of its code, in bytes. */
  readonly size: number;
  /** Whether executions of it may last for days, pinned to it. */
  readonly isDurable: boolean;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

export interface FunctionInUse {
  readonly published: readonly PublishedVersion[];
  /** Every alias that the function has, whoever made it. */
  readonly aliases: readonly { readonly version: string; readonly weights: Readonly<Record<string, number>> }[];
  /** Versions that releases left which can be rolled back to. */
  readonly reachable: ReadonlySet<string>;
  /** Versions that are resources of the service's stack. */
  readonly inStack: ReadonlySet<string>;
}

/**
 * Which versions of a function nothing needs: no alias names them, not with a weight either; no release that can be
 * rolled back to left them; and the stack does not name them, since CloudFormation points an alias at them again when
 * an update is rolled back. What is newer than all that aliases name is kept too, for it may be about to serve. In
 * doubt a version stays: where there is no alias, nothing is known.
 *
 * @returns them, oldest first; of durable ones it is still to be asked whether an execution waits for them
 */
export function prunableVersions({
  published,
  aliases,
  reachable,
  inStack,
}: FunctionInUse): readonly PublishedVersion[] {
  const named = new Set(aliases.flatMap(({ version, weights }) => [version, ...Object.keys(weights)]));
  const newest = Math.max(...[...named].map(Number).filter(Number.isInteger));
  const isNeeded = ({ version }: PublishedVersion): boolean =>
    named.has(version) || reachable.has(version) || inStack.has(version) || !(Number(version) < newest);
  return published
    .filter((one) => /^[1-9]\d*$/.test(one.version) && !isNeeded(one))
    .sort((a, b) => Number(a.version) - Number(b.version));
}

const VERSION_ARN = /:function:([^:]+):(\d+)$/;

/**
 * @param resources of a stack
 * @returns the numbers of the versions that it names, by the function's name
 */
export function versionsInStack(
  resources: readonly { readonly type: string; readonly physicalId?: string }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { type, physicalId = '' } of resources) {
    const [, name, version] = (type === 'AWS::Lambda::Version' && VERSION_ARN.exec(physicalId)) || [];
    if (name && version) found.set(name, (found.get(name) ?? new Set()).add(version));
  }
  return found;
}
