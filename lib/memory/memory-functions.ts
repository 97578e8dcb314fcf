import type { Artifacts } from '../ports/artifacts';
import type { CodeOutcome, FunctionReading, Functions } from '../ports/functions';

/** A published version: code and configuration as they were. */
interface Version {
  readonly codeSha256: string;
  readonly configuration: string;
}

/** One function of a memory target: `$LATEST`, its versions and aliases. */
interface MemoryFunction {
  codeSha256: string;
  /** Stands for all that is not code. */
  configuration: string;
  revision: number;
  /** Version `n` is at `n - 1`. */
  readonly versions: Version[];
  readonly aliases: Record<string, string>;
  /** By alias, the shares of traffic that go to other versions. */
  readonly weights: Record<string, Readonly<Record<string, number>>>;
  lastUpdate: FunctionReading['lastUpdate'];
  lastUpdateReason?: string;
}

/** The functions of one target in memory, and what else happens to functions there. */
export interface MemoryFunctions extends Functions {
  /** By physical name. */
  readonly all: Map<string, MemoryFunction>;
  /** Changes code as CloudFormation or a person does, unguarded and unpublished; makes the function if need be. */
  put(name: string, code: { readonly codeSha256: string; readonly configuration?: string }): void;
  /** From now on updates of this function's code are taken and fail afterwards, for this reason; undefined ends it. */
  failUpdates(name: string, reason: string | undefined): void;
  /** The next time this function's alias is to move to this version, Lambda refuses it. */
  failMoves(name: string, move: { readonly to: string }): void;
  /** From now on an update of code is in progress until it was read this often. */
  delayUpdates(reads: number): void;
}

/**
 * In-memory twin of the port Functions.
 * @param artifacts where code is taken from
 */
export function memoryFunctions(artifacts: Pick<Artifacts, 'find'>): MemoryFunctions {
  const all = new Map<string, MemoryFunction>();
  const failing = new Map<string, string>();
  const immovable = new Set<string>();
  const pending = new Map<string, number>();
  let delay = 0;

  const publish = (found: MemoryFunction): CodeOutcome => {
    const { codeSha256, configuration } = found;
    const last = found.versions.at(-1);
    if (last?.codeSha256 !== codeSha256 || last.configuration !== configuration) {
      found.versions.push({ codeSha256, configuration });
    }
    return { outcome: 'done', version: String(found.versions.length), codeSha256 };
  };

  const settle = (name: string, found: MemoryFunction): void => {
    const left = pending.get(name) ?? 0;
    pending.set(name, left - 1);
    if (found.lastUpdate === 'in-progress' && left <= 0) {
      found.lastUpdateReason = failing.get(name);
      found.lastUpdate = failing.has(name) ? 'failed' : 'successful';
    }
  };

  return {
    all,
    put: (name, { codeSha256, configuration }) => {
      const found = all.get(name);
      if (!found) {
        const lastUpdate = 'successful';
        const fresh = {
          codeSha256,
          configuration: configuration ?? '',
          revision: 1,
          versions: [],
          aliases: {},
          weights: {},
          lastUpdate,
        };
        all.set(name, fresh as MemoryFunction);
        return;
      }
      found.codeSha256 = codeSha256;
      found.configuration = configuration ?? found.configuration;
      found.revision += 1;
    },
    failUpdates: (name, reason) => {
      if (reason === undefined) failing.delete(name);
      else failing.set(name, reason);
    },
    failMoves: (name, { to }) => immovable.add(`${name}:${to}`),
    delayUpdates: (reads) => {
      delay = reads;
    },

    read: async (name, qualifier) => {
      const found = all.get(name);
      if (!found) return undefined;
      settle(name, found);
      const { lastUpdate, lastUpdateReason, revision } = found;
      const latest = { revisionId: `${name}-${revision}`, lastUpdate, lastUpdateReason };
      if (qualifier === undefined) {
        return { ...latest, ...rolesOf(found), ...contentOf(found), version: '$LATEST' };
      }
      const version = found.aliases[qualifier] ?? qualifier;
      const published = found.versions[Number(version) - 1];
      return published && { ...latest, ...rolesOf(published), ...contentOf(published), version };
    },

    alias: async (name, alias) => {
      const found = all.get(name);
      const version = found?.aliases[alias];
      return version === undefined ? undefined : { version, weights: found?.weights[alias] ?? {} };
    },

    updateCode: async ({ name, bundle, revisionId, publish: what }) => {
      const found = all.get(name);
      if (!found) return { outcome: 'missing' };
      if (revisionId !== undefined && revisionId !== `${name}-${found.revision}`)
        return { outcome: 'changed-since-read' };
      const stored = (await artifacts.find([bundle])).get(bundle);
      if (!stored) return { outcome: 'refused', reason: `there is no object ${bundle}` };
      found.codeSha256 = stored.sha256;
      found.revision += 1;
      found.lastUpdate = 'in-progress';
      pending.set(name, delay);
      if (what === 'version') return publish(found);
      return { outcome: 'done', version: '$LATEST', codeSha256: stored.sha256 };
    },

    publish: async (name, codeSha256) => {
      const found = all.get(name);
      if (!found) return { outcome: 'missing' };
      return found.codeSha256 === codeSha256 ? publish(found) : { outcome: 'changed-since-read' };
    },

    moveAlias: async (name, { alias, version }) => {
      if (immovable.delete(`${name}:${version}`)) throw new Error(`the alias of ${name} cannot be moved`);
      const found = all.get(name);
      if (!found?.versions[Number(version) - 1]) return 'missing';
      found.aliases[alias] = version;
      found.weights[alias] = {};
      return 'moved';
    },
  };
}

/** @returns what a function's configuration, as its resource's properties, says of role and dead-letter queue. */
function rolesOf({ configuration }: Version): Pick<FunctionReading, 'role' | 'deadLetterTarget'> {
  const properties = configuration.startsWith('{') ? JSON.parse(configuration) : {};
  const deadLetterTarget: unknown = properties.DeadLetterConfig?.TargetArn;
  return {
    role: typeof properties.Role === 'string' ? properties.Role : JSON.stringify(properties.Role ?? ''),
    deadLetterTarget: deadLetterTarget === undefined ? undefined : JSON.stringify(deadLetterTarget),
  };
}

const contentOf = ({ codeSha256, configuration }: Version): Version => ({ codeSha256, configuration });
