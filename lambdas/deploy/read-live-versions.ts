import { ReleaseError } from '../../lib/core/contracts/errors';
import type { PreviousPackage } from '../../lib/core/deploy/package-diff';
import { findAliases, formerAliases } from '../../lib/core/template/find-aliases';
import { aliasedFunctions } from '../../lib/core/template/not-aliased';
import type { Template } from '../../lib/core/template/template';
import type { Clock } from '../../lib/ports/clock';
import type { Functions } from '../../lib/ports/functions';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionChangedByHand, functionMissing, type NamedFunction } from '../../lib/release/packages/changed-by-hand';
import { pollUntil } from '../../lib/release/poll-until';
import { versionFailed } from './version-failed';

interface LiveVersionsPorts {
  readonly functions: Functions;
  /** By which new versions are waited for. */
  readonly pace: Clock;
}

interface LiveVersionsInput {
  /** Name of the alias that is about to be deployed. */
  readonly alias: string;
  /** Physical names of the functions that the stack has, by logical id; none if there is no stack yet. */
  readonly names: Readonly<Record<string, string>>;
  /** The framework's own template that is about to be deployed. */
  readonly template: Template;
  /** The template that the stack has now, if it can be read. */
  readonly current: Template | undefined;
  readonly deployed: PreviousPackage;
}

/**
 * Reads which version serves, for every function that is in the stack already and is to have the alias: the template
 * then tells CloudFormation the truth, and CloudFormation moves no traffic.
 *
 * If a stack is adopted, its functions have no alias yet: each is published as it is, so that its alias starts from
 * what serves. (An AWS::Lambda::Version would publish the new code, or fail if nothing has changed since the last
 * published version.) The stack is only told of a version that is ready, since no alias can be made of another. An
 * alias that was deleted by hand is made again, since CloudFormation would fail to update it. An alias that is renamed
 * starts from what it pointed at before: `$LATEST` may hold code that no traffic has been shifted to.
 *
 * @returns version numbers by logical id. Left out are functions whose name changes: they are replaced, and a new
 * function has no versions
 * @throws ReleaseError `FunctionMissing` if a function was deleted by hand, even one that is to have no alias;
 * `FunctionChangedByHand`, `FunctionUpdateFailed` if it cannot be published; `Throttled`, to be tried again, if a
 * version takes longer than a minute
 */
export async function readLiveVersions(
  { functions, pace }: LiveVersionsPorts,
  { alias, names, template, current, deployed }: LiveVersionsInput,
): Promise<Readonly<Record<string, string>>> {
  const stays = ([id, name]: [string, string]): boolean => {
    const resource = template.Resources[id];
    const wanted = resource?.Properties?.FunctionName;
    return resource !== undefined && (typeof wanted !== 'string' || wanted === name);
  };
  const aliased = new Set(aliasedFunctions(template, alias));
  const known = deployed === undefined || deployed === 'unreadable' ? undefined : deployed;
  const recorded = known?.functions ?? {};
  const inStack = current && findAliases(current, alias);
  const readLive = async (logicalId: string, name: string) => {
    const former = [known?.manifest.alias ?? alias, ...formerAliases(current, logicalId, template)];
    for (const one of new Set([alias, ...former])) {
      const found = await functions.read(name, one);
      if (found) return found;
    }
    return undefined;
  };

  const makeAlias = async (version: string, name: string): Promise<boolean> =>
    (await functions.moveAlias(name, { alias, version })) === 'moved';

  const versions = Object.entries(names)
    .filter(stays)
    .map(async ([logicalId, name]): Promise<[string, string][]> => {
      const live = aliased.has(logicalId) ? await readLive(logicalId, name) : undefined;
      if (live) return [[logicalId, live.version]];
      const latest = await functions.read(name);
      if (!latest) throw functionMissing({ logicalId, name });
      if (!aliased.has(logicalId)) return [];
      const record = recorded[logicalId]?.name === name ? recorded[logicalId] : undefined;
      const wasDeleted = inStack?.has(logicalId) ?? (record !== undefined && known?.manifest.alias === alias);
      const restored = wasDeleted && record && (await makeAlias(record.version, name));
      if (restored) return [[logicalId, record.version]];
      const version = await publish(functions, { logicalId, name }, latest.codeSha256);
      await untilReady({ functions, pace }, { logicalId, name, version });
      if (wasDeleted) await makeAlias(version, name);
      return [[logicalId, version]];
    });
  return Object.fromEntries((await allOrFirstError(versions)).flat());
}

/** One look is enough for a version that exists already. */
async function untilReady(
  { functions, pace }: LiveVersionsPorts,
  one: NamedFunction & { readonly version: string },
): Promise<void> {
  const { logicalId, name, version } = one;
  const found = await pollUntil(
    pace,
    async () => {
      const read = await functions.read(name, version);
      if (!read) throw functionMissing(one);
      return read.readiness === 'pending' ? undefined : read;
    },
    () => 2_000,
  );
  if (!found)
    throw new ReleaseError(
      'Throttled',
      `Lambda is still at work on version ${version} of function ${logicalId} ("${name}")`,
    );
  if (found.readiness === 'failed') throw versionFailed(one, found);
}

/** @returns the version that holds `$LATEST`: the newest one, if nothing has changed since it was published. */
async function publish(functions: Functions, { logicalId, name }: NamedFunction, codeSha256: string): Promise<string> {
  const outcome = await functions.publish(name, codeSha256);
  switch (outcome.outcome) {
    case 'done':
      return outcome.version;
    case 'missing':
      throw functionMissing({ logicalId, name });
    case 'changed-since-read':
      throw functionChangedByHand({ logicalId, name });
    case 'refused':
      throw new ReleaseError(
        'FunctionUpdateFailed',
        `function ${logicalId} ("${name}") could not be published as it is: ${outcome.reason}`,
      );
  }
}
