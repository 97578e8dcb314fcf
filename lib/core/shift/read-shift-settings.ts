import { LIVE_ALIAS } from '../contracts/live-alias';
import { type FunctionShift, NO_SHIFT_SETTINGS, type ShiftSettings } from '../contracts/settings';
import type { Template } from '../template/template';
import { useInstead } from '../text/nearest';
import { type ConfigProblem, keyText, type Place } from '../text/place';
import { createReferences } from './resolve-reference';
import { type ServiceFunction, serviceFunctions } from './service-functions';
import type { SharedSettings } from './shared-settings';
import { readSettingsBlock, type SettingsBlock } from './written-settings';

/** Everything that says how a service shifts. */
export interface ShiftSources {
  readonly stage: string;
  /** Path of the service. */
  readonly service: string;
  /** The framework's configuration file, as messages name it. */
  readonly file: string;
  /** `functions` of the resolved configuration, by key or logical id, and `custom` if the kind has such a thing. */
  readonly functions: unknown;
  readonly custom?: unknown;
  /** Where the settings of a function are written, by its key; at its `deploymentSettings` unless given. */
  readonly placeOf?: (key: string) => Place;
  /** `shift` of seed.yml. */
  readonly shared: SharedSettings;
  /** What the framework made of the configuration. */
  readonly template: Template;
}

/** Something wrong with the settings, and in which file. */
type SettingsProblem = ConfigProblem & { readonly file: string };

/** How a service shifts; meaningless if there are problems. */
export interface ShiftSettingsReading {
  readonly settings: ShiftSettings;
  readonly alias: string;
  readonly problems: readonly SettingsProblem[];
}

/**
 * Reads the settings of a service's shifts: `deploymentSettings` of its functions, `custom.deploymentSettings` for all
 * of them, `shift` of seed.yml for all services. The nearer to the function, the stronger, key by key. A hook is not
 * shifted: what is set for all is not for hooks.
 *
 * @returns the settings as the manifest has them, by logical ids, and every problem
 */
export function readShiftSettings(sources: ShiftSources): ShiftSettingsReading {
  const { stage, service, file, template, shared, placeOf = deploymentSettingsOf } = sources;
  const problems: SettingsProblem[] = [];
  const note = (block: Pick<SettingsBlock, 'file'>, problem: ConfigProblem) =>
    problems.push({ file: block.file, ...problem });
  const read = (value: unknown, place: Place, scope: 'function' | 'service'): SettingsBlock => {
    const reading = readSettingsBlock(value, { file, place, scope });
    for (const problem of reading.problems) note(reading.block, problem);
    return reading.block;
  };

  const custom = (sources.custom ?? {}) as { readonly deploymentSettings?: unknown };
  const ofAll = [
    read(custom.deploymentSettings, ['custom', 'deploymentSettings'], 'service'),
    ...(shared.services[service] ? [shared.services[service]] : []),
    shared.all,
  ];
  const functions = serviceFunctions(sources.functions, template).map((one) => ({
    ...one,
    own: read(one.deploymentSettings, placeOf(one.key), 'function'),
  }));
  const set = <K extends keyof SettingsBlock>(key: K, blocks: readonly SettingsBlock[] = ofAll) =>
    blocks.find((block) => block[key] !== undefined)?.[key];

  const alias = readAlias(functions, { ofAll, note });
  const stages = [set('stages') ?? []].flat();
  const settings = {
    unit: set('unit') ?? NO_SHIFT_SETTINGS.unit,
    hookTimeout: set('hookTimeout') ?? NO_SHIFT_SETTINGS.hookTimeout,
  };
  // In a stage that they do not apply to, the settings may name things that only the other stages have.
  if (stages.length > 0 && !stages.includes(stage))
    return { settings: { ...settings, functions: {} }, alias, problems };
  return { settings: { ...settings, functions: readFunctions(functions, { ofAll, template, note }) }, alias, problems };
}

const deploymentSettingsOf = (key: string): Place => ['functions', key, 'deploymentSettings'];

type SettledFunction = ServiceFunction & { readonly own: SettingsBlock };

interface Surroundings {
  /** The blocks that are for every function, the strongest first. */
  readonly ofAll: readonly SettingsBlock[];
  readonly note: (block: Pick<SettingsBlock, 'file'>, problem: ConfigProblem) => void;
}

/** All functions have one alias, so what one of them says is for all. */
function readAlias(functions: readonly SettledFunction[], { ofAll, note }: Surroundings): string {
  const [custom, ...shared] = ofAll;
  const written = [custom!, ...functions.map(({ own }) => own)].filter(({ alias }) => alias !== undefined);
  const [first] = written;
  for (const block of written) {
    if (block.alias === first!.alias) continue;
    const place = [...block.place, 'alias'];
    const message =
      `"${keyText(place)}" is "${block.alias}", but "${keyText([...first!.place, 'alias'])}" is ` +
      `"${first!.alias}"; a service has one alias for all its functions: write the same, or only ` +
      '"custom.deploymentSettings.alias"';
    note(block, { place, message });
  }
  return first?.alias ?? shared.find(({ alias }) => alias !== undefined)?.alias ?? LIVE_ALIAS;
}

const HOOKS = ['preTrafficHook', 'postTrafficHook'] as const;

function readFunctions(
  functions: readonly SettledFunction[],
  { ofAll, template, note }: Surroundings & { readonly template: Template },
): Record<string, FunctionShift> {
  const byKey = new Map(functions.map((one) => [one.key, one]));
  const hookOf = (key: (typeof HOOKS)[number], blocks: readonly SettingsBlock[]): string | undefined => {
    const block = blocks.find((one) => one[key] !== undefined);
    const name = block?.[key];
    if (block === undefined || name === undefined) return undefined;
    const hook = byKey.get(name);
    if (hook?.logicalId === undefined) note(block, noFunction([...block.place, key], name, [...byKey.keys()]));
    return hook?.logicalId;
  };
  const hooks = new Map<string, SettingsBlock>();
  for (const block of [...functions.map(({ own }) => own), ...ofAll]) {
    for (const key of HOOKS) if (block[key] !== undefined && !hooks.has(block[key])) hooks.set(block[key], block);
  }

  const references = createReferences(template, note);
  const settled: Record<string, FunctionShift> = {};
  for (const { key, logicalId, own } of functions) {
    const user = hooks.get(key);
    if (user !== undefined) {
      if (asksForShift(own)) note(own, shiftedHook(key, own, user));
      continue;
    }
    if (logicalId === undefined) {
      if (saysAnything(own)) note(own, notThere(key, own.place));
      continue;
    }
    const blocks = [own, ...ofAll];
    const shift = blocks.find((block) => block.shift !== undefined);
    const [preTrafficHook, postTrafficHook] = HOOKS.map((hook) => hookOf(hook, blocks));
    const alarms = references.alarms(blocks.find((block) => block.alarms !== undefined));
    const triggers = references.triggers(blocks.find((block) => block.triggerConfigurations !== undefined));
    const one: FunctionShift = {
      ...(shift?.shift && {
        shift: shift.shift.shift,
        writtenAt: { file: shift.file, key: keyText(shift.shift.place) },
      }),
      ...(preTrafficHook !== undefined && { preTrafficHook }),
      ...(postTrafficHook !== undefined && { postTrafficHook }),
      alarms,
      triggers,
    };
    if (saysAnything(one)) settled[logicalId] = one;
  }
  return settled;
}

/** @returns whether settings hold anything besides where they are written. */
const saysAnything = (settings: SettingsBlock | FunctionShift): boolean =>
  Object.entries(settings).some(
    ([key, value]) =>
      !['file', 'place'].includes(key) && value !== undefined && (value as { length?: number }).length !== 0,
  );

/** The alias belongs to the whole service, and a hook moves all at once anyway. */
const asksForShift = ({
  shift,
  preTrafficHook,
  postTrafficHook,
  alarms,
  triggerConfigurations,
}: SettingsBlock): boolean =>
  (shift !== undefined && shift.shift.kind !== 'all-at-once') ||
  [preTrafficHook, postTrafficHook, alarms?.[0], triggerConfigurations?.[0]].some((one) => one !== undefined);

function noFunction(place: Place, name: string, known: readonly string[]): ConfigProblem {
  const hint = useInstead(name, known, { otherwise: `use one of its functions: ${known.join(', ')}` });
  return { place, message: `"${keyText(place)}" is "${name}", which is not a function of the service; ${hint}` };
}

function shiftedHook(key: string, own: SettingsBlock, user: SettingsBlock): ConfigProblem {
  const hook = HOOKS.find((one) => user[one] === key)!;
  const message =
    `"${keyText(own.place)}" shifts function "${key}" gradually, but it is the hook of ` +
    `"${keyText([...user.place, hook])}" (${user.file}), and a hook has to be whole before it tests others; ` +
    'remove one of the two';
  return { place: own.place, message };
}

const notThere = (key: string, place: Place): ConfigProblem => ({
  place,
  message:
    `"${keyText(place)}" is for function "${key}", which the packaged template does not have; remove the ` +
    'settings, or whatever takes the function out',
});
