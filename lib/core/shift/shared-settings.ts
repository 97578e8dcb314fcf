import { ReleaseError } from '../contracts/errors';
import type { ServicePath } from '../contracts/release';
import { toServicePath } from '../contracts/service-path';
import { isJsonObject, type Json } from '../text/canonical-json';
import { useInstead } from '../text/nearest';
import { type ConfigProblem, keyText, shown } from '../text/place';
import { readSettingsBlock, type SettingsBlock } from './settings-block';

/** Settings that an app has for all its services, and for some. */
export interface SharedSettings {
  readonly all: SettingsBlock;
  /** By service path; what is set here wins. */
  readonly services: Readonly<Record<string, SettingsBlock>>;
}

/**
 * Reads `shift` of seed.yml: a block of settings for every service, with those of single services in `services`.
 *
 * @param file the file's name, for messages
 */
export function readSharedSettings(
  value: unknown,
  file: string,
): { readonly settings: SharedSettings; readonly problems: readonly ConfigProblem[] } {
  const { services: written, ...rest } = isJsonObject((value ?? null) as Json) ? (value as object as Block) : {};
  const place = ['shift'];
  const all = readSettingsBlock(written === undefined ? value : rest, { file, place, scope: 'service' });
  const problems = [...all.problems];
  const services: Record<string, SettingsBlock> = {};
  const at = [...place, 'services'];
  const isMap = written === undefined || written === null || isJsonObject(written as Json);
  if (!isMap) {
    problems.push({ place: at, message: `"${keyText(at)}" is ${shown(written)}; write a map of settings by service` });
  }
  for (const [text, inner] of isMap ? Object.entries((written ?? {}) as Block) : []) {
    const below = [...at, text];
    const path = toServicePath(text);
    const { block, problems: more } = readSettingsBlock(inner, { file, place: below, scope: 'service' });
    problems.push(...more);
    if (path !== undefined) services[path] = block;
    else problems.push({ place: below, message: `"${text}" in "${keyText(at)}" is no directory of a service` });
  }
  return { settings: { all: all.block, services }, problems };
}

/**
 * @param services the services of the repository
 * @throws ReleaseError `ServiceNotFound` if there are settings for one that is not there
 */
export function refuseUnknownServices({ services: settings }: SharedSettings, services: readonly ServicePath[]): void {
  for (const [path, { file, place }] of Object.entries(settings)) {
    if (services.includes(path)) continue;
    const hint = useInstead(path, services);
    const key = `${file}: "${keyText(place.slice(0, -1))}": "${path}"`;
    throw new ReleaseError('ServiceNotFound', `${key} is not a service of the repository; ${hint}`);
  }
}

type Block = Readonly<Record<string, unknown>>;
