import { overriddenDefaults, TARGET_VARIABLE, textsOf } from '../../../core/build/target-defaults';
import { nameSome } from '../../../core/text/name-some';
import { keyText, type Place, valueAt } from '../../../core/text/place';
import { configLines } from '../../config-lines';
import type { Workspace } from '../../workspace';
import type { FrameworkOutput } from './run-serverless';
import type { ServiceConfig } from './service-config';

/**
 * @returns what is to be told with the release: where the configuration names the region or stage that it has as a
 *   default and that is not the target's
 */
export async function tellTargetDefaults(
  { root, stage, region }: Pick<Workspace, 'root' | 'stage' | 'region'>,
  { record, state }: Pick<FrameworkOutput, 'record' | 'state'>,
  { file, value }: ServiceConfig,
): Promise<readonly string[]> {
  // A framework that leaves no record (Serverless 4) shows no more than its file.
  const [texts, written] =
    record.texts.length > 0 ? [record.texts, record.written] : [textsOf(value), writtenIn(value)];
  const found = overriddenDefaults({ texts, written, resolved: state.service }, { region, stage });
  if (found.length === 0) return [];
  const line = await configLines(root, file);
  const named = (place: Place) => `${keyText(listed(place))}${line(place).replace(/^, (line \d+)$/, ' ($1)')}`;
  return found.map(({ key, place, value: other, target, readers }) => {
    const what = key === 'provider.region' ? 'region' : 'stage';
    const whole = `\${self:${keyText(place)}}`;
    return (
      `${file}${line(place)}: "${keyText(place)}" is "${other}", which is only a default: the service is deployed to ` +
      `${what} "${target}". What reads it still gets "${other}": ${nameSome(readers.map(named))}; write ` +
      `${TARGET_VARIABLE[key]} there in place of ${whole}`
    );
  });
}

/** Indexes of lists came as text. */
const listed = (place: Place): Place => place.map((part) => (/^\d+$/.test(String(part)) ? Number(part) : part));

function writtenIn(config: unknown): { readonly region?: string; readonly stage?: string } {
  const read = (what: string) => {
    const value = valueAt(config, ['provider', what]);
    return typeof value === 'string' && !value.includes('${') ? value : undefined;
  };
  return { region: read('region'), stage: read('stage') };
}
