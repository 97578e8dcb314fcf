import { LIVE_ALIAS } from '../../lib/core/live-alias';
import type { PreviousPackage } from '../../lib/core/package-diff';
import type { Template } from '../../lib/core/template/template';
import type { Functions } from '../../lib/ports/functions';
import { allOrFirstError } from '../all-or-first-error';
import { functionMissing } from './function-missing';

/**
 * Reads which version serves of every function that a stack has already: the template then tells CloudFormation the
 * truth, and CloudFormation moves no traffic. An alias that was deleted by hand is made again, since CloudFormation
 * would fail to update it.
 *
 * @returns version numbers by logical id. Left out are functions without the alias (new, or of a stack that is adopted)
 * and those whose name changes: they are replaced, and a new function has no versions
 * @throws ReleaseError `FunctionMissing` if a function was deleted by hand
 */
export async function readLiveVersions(
  functions: Functions,
  { names, template, deployed }: LiveVersionsInput,
): Promise<Readonly<Record<string, string>>> {
  const stays = ([id, name]: [string, string]): boolean => {
    const resource = template.Resources[id];
    const wanted = resource?.Properties?.FunctionName;
    return resource !== undefined && (typeof wanted !== 'string' || wanted === name);
  };
  const recorded = deployed === undefined || deployed === 'unreadable' ? {} : deployed.functions;
  const versions = Object.entries(names)
    .filter(stays)
    .map(async ([logicalId, name]): Promise<[string, string][]> => {
      const live = await functions.read(name, LIVE_ALIAS);
      if (live) return [[logicalId, live.version]];
      if (!(await functions.read(name))) throw functionMissing({ logicalId, name });
      const version = await restoreAlias(functions, name, recorded[logicalId]?.version);
      return version === undefined ? [] : [[logicalId, version]];
    });
  return Object.fromEntries((await allOrFirstError(versions)).flat());
}

interface LiveVersionsInput {
  /** Physical names of the functions that the stack has, by logical id; none if there is no stack yet. */
  readonly names: Readonly<Record<string, string>>;
  /** The template that is about to be deployed. */
  readonly template: Template;
  readonly deployed: PreviousPackage;
}

async function restoreAlias(functions: Functions, name: string, version: string | undefined) {
  if (version === undefined) return undefined;
  return (await functions.moveAlias(name, { alias: LIVE_ALIAS, version })) === 'moved' ? version : undefined;
}
