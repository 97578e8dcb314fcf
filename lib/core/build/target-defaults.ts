import { keyText, type Place, valueAt } from '../text/place';
import { variableReads } from './variable-reads';

/** A text of the configuration before its variables are resolved, and where it stands. */
export interface ConfigText {
  readonly place: Place;
  readonly text: string;
}

/** A value that only says where a service goes unless somebody says otherwise, and what reads it all the same. */
export interface OverriddenDefault {
  readonly key: 'provider.region' | 'provider.stage';
  /** Where the value stands: the key itself, or what it takes its value from. */
  readonly place: Place;
  readonly value: string;
  /** Where the service is deployed in its place. */
  readonly target: string;
  /** What reads it. */
  readonly readers: readonly Place[];
}

/** What has the target's value wherever a service is deployed. */
export const TARGET_VARIABLE = { 'provider.region': '${aws:region}', 'provider.stage': '${sls:stage}' } as const;

interface Configuration {
  readonly texts: readonly ConfigText[];
  /** `provider.region` and `provider.stage` as the configuration has them; absent where it does not say. */
  readonly written: { readonly region?: string; readonly stage?: string };
  /** The resolved configuration, in which the framework has put the target's region. */
  readonly resolved: unknown;
}

/**
 * Finds where a configuration takes a region or a stage for the target's that is not. The options `--region` and
 * `--stage` decide where a stack goes, but no variable that reads `provider.region` or `provider.stage`, or what those
 * fall back to, is told of it.
 *
 * @param target where the service is deployed
 */
export function overriddenDefaults(
  configuration: Configuration,
  target: { readonly region: string; readonly stage: string },
): readonly OverriddenDefault[] {
  const { texts, written, resolved } = configuration;
  const reads = texts.flatMap(({ place, text }) =>
    variableReads(text).map((read) => ({ ...read, place, from: keyText(place) })),
  );
  return (['region', 'stage'] as const).flatMap((what) => {
    const key = `provider.${what}` as const;
    const carriers = new Set([key as string]);
    // What it takes its value from, over any number of steps; also what would only count without the option.
    for (const carrier of carriers) for (const { from, address } of reads) if (from === carrier) carriers.add(address);
    return [...carriers].flatMap((carrier): readonly OverriddenDefault[] => {
      const place = carrier.split('.');
      const value = carrier === key ? written[what] : valueAt(resolved, place);
      if (typeof value !== 'string' || value === target[what]) return [];
      const isReader = ({ address, as, from, place: reader }: (typeof reads)[number]) =>
        address === carrier &&
        as !== 'dead' &&
        !carriers.has(from) &&
        from !== 'provider.region' &&
        from !== 'provider.stage' &&
        (as !== 'fallback' || mayHold(valueAt(resolved, reader), value));
      const readers = new Map(reads.filter(isReader).map((read) => [read.from, read.place]));
      if (readers.size === 0) return [];
      return [{ key, place, value, target: target[what], readers: [...readers.values()] }];
    });
  });
}

/** What is not in the configuration any more, such as what a file's function has asked for, may. */
const mayHold = (value: unknown, part: string): boolean => value === undefined || JSON.stringify(value).includes(part);

/** @returns every text of a configuration file */
export function textsOf(value: unknown, place: Place = []): readonly ConfigText[] {
  if (typeof value === 'string') return [{ place, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [...entries].flatMap(([key, inner]) => textsOf(inner, [...place, key]));
}
