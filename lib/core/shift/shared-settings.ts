import { ReleaseError } from '../contracts/errors';
import type { ServicePath } from '../contracts/release';
import { toServicePath } from '../contracts/service-path';
import { useInstead } from '../text/nearest';
import { keyText } from '../text/place';
import { type AppSettings, type SettingsBlock, settingsBlock } from './written-settings';

/** Settings that an app has for all its services, and for some. */
export interface SharedSettings {
  readonly all: SettingsBlock;
  /** By service path; what is set here wins. */
  readonly services: Readonly<Record<string, SettingsBlock>>;
}

/**
 * @param written `shift` of seed.yml
 * @param file the file's name, for messages
 */
export function sharedSettings({ services = {}, ...all }: AppSettings, file: string): SharedSettings {
  const place = ['shift'];
  return {
    all: settingsBlock(all, { file, place }),
    services: Object.fromEntries(
      Object.entries(services).map(([path, settings]) => [
        // The schema has refused what is not a path.
        toServicePath(path)!,
        settingsBlock(settings, { file, place: [...place, 'services', path] }),
      ]),
    ),
  };
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
