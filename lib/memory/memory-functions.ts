import type { PlainInvoker } from '../core/code-only/tell-invokers';
import { ReleaseError } from '../core/contracts/errors';
import { imageSha256 } from '../core/deploy/packaged-code';
import type { Artifacts } from '../ports/artifacts';
import type { CodeOutcome, FunctionReading, Functions } from '../ports/functions';

/** A published version: code and configuration as they were. */
interface Version extends Work {
  readonly codeSha256: string;
  readonly configuration: string;
}

/** What Lambda is at work on. */
interface Work extends Pick<FunctionReading, 'readiness' | 'failure'> {
  readiness: FunctionReading['readiness'];
  failure?: string;
  /** So often it is still seen as pending. */
  looks: number;
}

/** One function of a memory target: `$LATEST`, its versions and aliases. */
interface MemoryFunction extends Work {
  codeSha256: string;
  /** Stands for all that is not code. */
  configuration: string;
  revision: number;
  /** Version `n` is at `n - 1`; one that was deleted leaves its place empty. */
  readonly versions: (Version | undefined)[];
  readonly aliases: Record<string, string>;
  /** By alias, the shares of traffic that go to other versions. */
  readonly weights: Record<string, Readonly<Record<string, number>>>;
}

/** The functions of one target in memory, and what else happens to functions there. */
export interface MemoryFunctions extends Functions {
  /** By physical name. */
  readonly all: Map<string, MemoryFunction>;
  /** Changes code as CloudFormation or a person does, unguarded and unpublished; makes the function if need be. */
  put(name: string, code: { readonly codeSha256: string; readonly configuration?: string }): void;
  /** From now on these invoke the function itself. */
  invoke(name: string, by: readonly PlainInvoker[]): void;
  /**
   * From now on updates of this function's code, and its new versions, are taken and fail afterwards, for this reason;
   * undefined ends it.
   */
  failUpdates(name: string, reason: string | undefined): void;
  /** The next time this function's alias is to move to this version, Lambda refuses it. */
  failMoves(name: string, move: { readonly to: string }): void;
  /** From now on an update of code and a new version are pending until they were read this often. */
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
  const invokers = new Map<string, readonly PlainInvoker[]>();
  let delay = 0;

  const publish = (found: MemoryFunction): CodeOutcome => {
    const { codeSha256, configuration } = found;
    const last = found.versions.at(-1);
    if (last?.codeSha256 !== codeSha256 || last.configuration !== configuration) {
      found.versions.push({ codeSha256, configuration, readiness: 'pending', looks: delay });
    }
    return { outcome: 'done', version: String(found.versions.length), codeSha256 };
  };

  const look = (name: string, work: Work): Pick<FunctionReading, 'readiness' | 'failure'> => {
    if (work.readiness === 'pending') {
      work.looks -= 1;
      if (work.looks < 0) {
        work.failure = failing.get(name);
        work.readiness = failing.has(name) ? 'failed' : 'ready';
      }
    }
    return { readiness: work.readiness, failure: work.failure };
  };

  return {
    all,
    put: (name, { codeSha256, configuration }) => {
      const found = all.get(name);
      if (!found) {
        const fresh: MemoryFunction = {
          codeSha256,
          configuration: configuration ?? '',
          revision: 1,
          versions: [],
          aliases: {},
          weights: {},
          readiness: 'ready',
          looks: 0,
        };
        all.set(name, fresh);
        return;
      }
      found.codeSha256 = codeSha256;
      found.configuration = configuration ?? found.configuration;
      found.revision += 1;
    },
    invoke: (name, by) => invokers.set(name, by),
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
      const read = (work: MemoryFunction | Version, version: string): FunctionReading => ({
        ...look(name, work),
        ...rolesOf(work),
        ...contentOf(work),
        version,
        revisionId: `${name}-${found.revision}`,
      });
      if (qualifier === undefined) return read(found, '$LATEST');
      const version = found.aliases[qualifier] ?? qualifier;
      const published = found.versions[Number(version) - 1];
      return published && read(published, version);
    },

    alias: async (name, alias) => {
      const found = all.get(name);
      const version = found?.aliases[alias];
      return version === undefined ? undefined : { version, weights: found?.weights[alias] ?? {} };
    },

    plainInvokers: async (name) => invokers.get(name) ?? [],

    updateCode: async ({ name, bundle, image, revisionId, publish: what }) => {
      const found = all.get(name);
      if (!found) return { outcome: 'missing' };
      if (revisionId !== undefined && revisionId !== `${name}-${found.revision}`)
        return { outcome: 'changed-since-read' };
      const codeSha256 = bundle === undefined ? imageSha256(image) : await storedSha256(artifacts, bundle);
      if (codeSha256 === undefined) return { outcome: 'refused', reason: `there is no object ${bundle}` };
      found.codeSha256 = codeSha256;
      found.revision += 1;
      found.readiness = 'pending';
      found.looks = delay;
      if (what === 'version') return publish(found);
      return { outcome: 'done', version: '$LATEST', codeSha256 };
    },

    publish: async (name, codeSha256) => {
      const found = all.get(name);
      if (!found) return { outcome: 'missing' };
      return found.codeSha256 === codeSha256 ? publish(found) : { outcome: 'changed-since-read' };
    },

    moveAlias: async (name, { alias, version }) => {
      if (immovable.delete(`${name}:${version}`)) throw new Error(`the alias of ${name} cannot be moved`);
      const found = all.get(name);
      const published = found?.versions[Number(version) - 1];
      if (!found || !published) return 'missing';
      if (published.readiness !== 'ready')
        throw new ReleaseError('Throttled', `version ${version} of function "${name}" is ${published.readiness}`);
      found.aliases[alias] = version;
      found.weights[alias] = {};
      return 'moved';
    },
  };
}

const storedSha256 = async (artifacts: Pick<Artifacts, 'find'>, bundle: string): Promise<string | undefined> =>
  (await artifacts.find([bundle])).get(bundle)?.sha256;

/** @returns what a function's configuration, as its resource's properties, says of role and dead-letter queue. */
function rolesOf({
  configuration,
}: Pick<Version, 'configuration'>): Pick<FunctionReading, 'role' | 'deadLetterTarget'> {
  const properties = configuration.startsWith('{') ? JSON.parse(configuration) : {};
  const deadLetterTarget: unknown = properties.DeadLetterConfig?.TargetArn;
  return {
    role: typeof properties.Role === 'string' ? properties.Role : JSON.stringify(properties.Role ?? ''),
    deadLetterTarget: deadLetterTarget === undefined ? undefined : JSON.stringify(deadLetterTarget),
  };
}

const contentOf = ({
  codeSha256,
  configuration,
}: Pick<Version, 'codeSha256' | 'configuration'>): Pick<Version, 'codeSha256' | 'configuration'> => ({
  codeSha256,
  configuration,
});
