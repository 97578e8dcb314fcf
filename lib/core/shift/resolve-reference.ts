import type { FunctionShift, Reference } from '../contracts/settings';
import type { Template } from '../template/template';
import { useInstead } from '../text/nearest';
import { type ConfigProblem, keyText, type Place } from '../text/place';
import type { WrittenReference } from './written-reference';
import { type SettingsBlock, triggerName } from './written-settings';

const ALARM = {
  types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
  noun: 'alarm',
  otherwise: (name: string) => `write "name: ${name}" if it is the name of an alarm that exists already`,
};
const TOPIC = {
  types: ['AWS::SNS::Topic'],
  noun: 'topic',
  otherwise: () => 'write the ARN of a topic that exists already',
};

/**
 * Looks up what settings name in the template.
 *
 * @param note gets a problem for each reference to a resource that is not there, or of another type
 */
export function createReferences(
  template: Template,
  note: (block: Pick<SettingsBlock, 'file'>, problem: ConfigProblem) => void,
) {
  const resolve = (
    block: SettingsBlock,
    { reference, place }: { readonly reference: WrittenReference; readonly place: Place },
    { types, noun, otherwise }: typeof ALARM,
  ): readonly Reference[] => {
    if ('name' in reference) return [reference];
    const id = 'either' in reference ? reference.either : reference.logicalId;
    const type = Object.hasOwn(template.Resources, id) ? template.Resources[id]!.Type : undefined;
    if (type !== undefined && types.includes(type)) return [{ logicalId: id }];
    if ('either' in reference) return [{ name: id }];
    const known = Object.entries(template.Resources).flatMap(([one, { Type }]) => (types.includes(Type) ? [one] : []));
    const is = type === undefined ? 'which the packaged template does not have' : `a resource of type ${type}`;
    const hint = useInstead(id, known, {
      otherwise: `its ${noun}s are ${known.join(', ') || 'none'}; ${otherwise(id)}`,
    });
    note(block, { place, message: `"${keyText(place)}" is the logical id "${id}", ${is}; ${hint}` });
    return [];
  };

  return {
    alarms: (block: SettingsBlock | undefined): FunctionShift['alarms'] => {
      const found = (block?.alarms ?? []).flatMap((reference, index) =>
        reference === undefined ? [] : resolve(block!, { reference, place: [...block!.place, 'alarms', index] }, ALARM),
      );
      // CodeDeploy refuses an alarm that is named twice.
      return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
    },
    triggers: (block: SettingsBlock | undefined): FunctionShift['triggers'] =>
      (block?.triggerConfigurations ?? []).flatMap((trigger, index) => {
        if (trigger === undefined) return [];
        const place = [...block!.place, 'triggerConfigurations', index, 'TriggerTargetArn'];
        const events = trigger.TriggerEvents.filter((event) => event !== undefined);
        return resolve(block!, { reference: trigger.TriggerTargetArn, place }, TOPIC).map((topic) => ({
          name: triggerName(trigger, index),
          events,
          topic,
        }));
      }),
  };
}
