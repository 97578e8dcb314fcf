import { sameNames } from '../../../core/build/same-names';
import { ReleaseError } from '../../../core/contracts/errors';
import { serviceFunctions } from '../../../core/shift/service-functions';
import type { Template } from '../../../core/template/template';
import { nameSome } from '../../../core/text/name-some';
import { configLines } from '../../config-lines';

/**
 * @param functions `functions` of the resolved configuration
 * @param file the framework's configuration file, as messages name it
 * @throws ReleaseError `ConfigInvalid` if functions of the service have one name, which CloudFormation would find only
 *   when it makes the second one
 */
export async function refuseSameNames(
  template: Template,
  { functions, root, file }: { readonly functions: unknown; readonly root: string; readonly file: string },
): Promise<void> {
  const found = sameNames(template);
  if (found.length === 0) return;
  const keys = new Map(serviceFunctions(functions, template).map(({ key, logicalId }) => [logicalId, key]));
  const lines = await configLines(root, file);
  const problems = found.map(({ name, logicalIds }) => {
    const last = keys.get(logicalIds.at(-1));
    const place = last === undefined ? file : `${file}${lines(['functions', last, 'name'])}`;
    const remedy = last === undefined ? 'change the "FunctionName" of one' : `change "functions.${last}.name"`;
    return (
      `${place}: the functions ${nameSome(logicalIds.map((id) => keys.get(id) ?? id))} have the same name, "${name}", ` +
      `and there can be one of a name in an account and region; ${remedy}`
    );
  });
  throw new ReleaseError('ConfigInvalid', problems.join('\n'));
}
