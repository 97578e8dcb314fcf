import { isJsonObject, type Json } from '../text/canonical-json';
import { nearest } from '../text/nearest';
import { type ConfigProblem, keyText, meant, type Place, shown } from '../text/place';
import { unknownKeys } from './read-shift';
import { readAlarm, readTopic, type WrittenReference } from './written-reference';

/** A reference, and where it is written. */
export interface PlacedReference {
  readonly reference: WrittenReference;
  readonly place: Place;
}

/** A trigger as it is written. */
export interface WrittenTrigger {
  readonly name: string;
  readonly events: string[];
  readonly topic: PlacedReference;
}

/** A list as it is written: what and where. */
interface WrittenList {
  readonly value: unknown;
  readonly place: Place;
  /** Gets what is wrong with it. */
  readonly problems: ConfigProblem[];
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html, and limits.html of the guide */
const MOST = 10;

/** @returns the items of a list of at most ten, each with its place; notes what is wrong with the list itself. */
function itemsOf({ value, place, problems }: WrittenList): readonly [value: unknown, place: Place][] {
  if (!Array.isArray(value)) {
    problems.push({ place, message: `"${keyText(place)}" is ${shown(value)}; write a list` });
    return [];
  }
  if (value.length > MOST) {
    const message = `"${keyText(place)}" has ${value.length} entries, and CodeDeploy takes ${MOST} for a function; remove some`;
    problems.push({ place, message });
  }
  return value.map((item, index) => [item, [...place, index]]);
}

/** @returns the alarms of a list; notes what is wrong with others. */
export const readAlarms = (list: WrittenList): readonly PlacedReference[] =>
  itemsOf(list).flatMap(([value, place]): PlacedReference[] => {
    const read = readAlarm(value, place);
    if ('reference' in read) return [{ reference: read.reference, place }];
    list.problems.push({ place, message: read.message });
    return [];
  });

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TriggerConfig.html */
const EVENTS = [
  ...['Start', 'Success', 'Failure', 'Stop', 'Rollback', 'Ready'].map((what) => `Deployment${what}`),
  ...['Start', 'Success', 'Failure', 'Ready'].map((what) => `Instance${what}`),
];

const TRIGGER_KEYS = ['TriggerName', 'TriggerEvents', 'TriggerTargetArn'];

/** @returns the triggers of a list; notes what is wrong with others. */
export function readTriggers(list: WrittenList): readonly WrittenTrigger[] {
  const { problems } = list;
  const names = new Set<string>();
  return itemsOf(list).flatMap(([value, place], index): WrittenTrigger[] => {
    if (!isJsonObject(value as Json)) {
      const message = `"${keyText(place)}" is ${shown(value)}; write a map with ${TRIGGER_KEYS.join(', ')}`;
      problems.push({ place, message });
      return [];
    }
    const trigger = value as Readonly<Record<string, unknown>>;
    problems.push(...unknownKeys(trigger, TRIGGER_KEYS, place));
    const name = String(trigger.TriggerName ?? `trigger-${index + 1}`);
    if (names.has(name)) {
      const at = [...place, 'TriggerName'];
      problems.push({ place: at, message: `"${keyText(at)}" is "${name}" a second time; give each trigger its own` });
    }
    names.add(name);
    const events = readEvents({ value: trigger.TriggerEvents, place: [...place, 'TriggerEvents'], problems });
    const at = [...place, 'TriggerTargetArn'];
    const topic = readTopic(trigger.TriggerTargetArn, at);
    if ('reference' in topic) return [{ name, events, topic: { reference: topic.reference, place: at } }];
    problems.push({ place: at, message: topic.message });
    return [];
  });
}

function readEvents({ value, place, problems }: WrittenList): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    const is = value === undefined ? 'is missing' : `is ${shown(value)}`;
    problems.push({ place, message: `"${keyText(place)}" ${is}; write a list of events, such as DeploymentFailure` });
    return [];
  }
  return value.flatMap((event, index) => {
    if (EVENTS.includes(event)) return [event];
    const at = [...place, index];
    const near = typeof event === 'string' ? nearest(event, EVENTS) : undefined;
    const hint = near === undefined ? `use ${EVENTS.join(', ')}` : meant(near, EVENTS);
    problems.push({ place: at, message: `"${keyText(at)}" is ${shown(event)}, which is no event; ${hint}` });
    return [];
  });
}
