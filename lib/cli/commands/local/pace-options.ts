import { useInstead } from '../../../core/text/nearest';
import { awsPace, LONGEST, PACE, PACE_NAMES, PACES, type Pace, type PaceName } from '../../../local/pace/pace';
import { UsageError } from '../../platform/run-command';

/** The pace of a local cloud, as commander parses it. */
export interface PaceOptions {
  readonly pace?: string;
  readonly latency: readonly string[];
}

const NONE = 'none';
const FORM = 'write it as NAME=MILLISECONDS';

/**
 * @returns the pace that the options of a command ask for: `null` to have none, undefined to leave it as it is
 * @throws UsageError if there is no such pace, or a figure does not exist or cannot be
 */
export function readPace({ pace, latency }: PaceOptions): Pace | null | undefined {
  const known: readonly string[] = [...PACES, NONE];
  if (pace !== undefined && !known.includes(pace))
    throw new UsageError(`--pace: there is no pace "${pace}"; ${useInstead(pace, known)}`);
  if (latency.length > 0 && (pace === undefined || pace === NONE))
    throw new UsageError("--latency changes a figure of AWS's pace; add --pace aws");
  if (pace === undefined) return undefined;
  return pace === NONE ? null : awsPace(Object.fromEntries(latency.map(readFigure)));
}

function readFigure(text: string): readonly [PaceName, number] {
  const [, name, figure = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`--latency: "${text}" is no latency; ${FORM}`);
  if (!(PACE_NAMES as readonly string[]).includes(name))
    throw new UsageError(`--latency: there is no latency "${name}"; ${useInstead(name, PACE_NAMES)}`);
  if (!/^\d+$/.test(figure) || Number(figure) > LONGEST)
    throw new UsageError(`--latency: "${figure}" is no time; give ${name} in milliseconds, at most ${LONGEST}`);
  return [name as PaceName, Number(figure)];
}

/** @returns a pace in a few words: `AWS's, but s3=30`. */
export function describePace(pace: Pace): string {
  const changed = PACE_NAMES.filter((name) => pace[name] !== PACE[name].aws).map((name) => `${name}=${pace[name]}`);
  return changed.length === 0 ? "AWS's" : `AWS's, but ${changed.join(', ')}`;
}
