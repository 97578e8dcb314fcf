import { UsageError } from '../../platform/run-command';

const FASTEST = 3600;

/**
 * @param text value of `--speed`
 * @param most the highest speed that the command can do with
 * @returns by how much the time of gradual shifts is compressed on a local cloud
 * @throws UsageError if it is not a number from 1 to that
 */
export function speedOf(text: string, most = FASTEST): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed >= 1 && speed <= most) return speed;
  throw new UsageError(
    `--speed: "${text}" is not a speed; give a number from 1 (as on AWS) to ${most} (an hour takes ${3600 / most} s)`,
  );
}

/** Help of the option `--speed`. */
export const SPEED_HELP = 'compress the time of gradual shifts and alarms; at 60 a minute takes a second';
