import { ReleaseError } from '../../core/contracts/errors';
import { nameSome } from '../../core/text/name-some';
import type { Alarms } from '../../ports/alarms';

/** An alarm that guards the shift of a function. */
export interface GuardingAlarm {
  readonly logicalId: string;
  readonly alarm: string;
}

/**
 * Makes sure that the alarms that guard a shift can do so: an alarm that does not exist guards nothing, and one that is
 * raised already would stop the shift at once, for a reason older than the release.
 *
 * @throws ReleaseError `AlarmMissing` or `AlarmActive`, naming alarms and functions
 */
export async function checkAlarms(alarms: Alarms, guards: readonly GuardingAlarm[]): Promise<void> {
  if (guards.length === 0) return;
  const states = await alarms.states([...new Set(guards.map(({ alarm }) => alarm))]);
  const inState = (state: string) => guards.filter(({ alarm }) => (states.get(alarm) ?? 'missing') === state);
  const missing = inState('missing');
  if (missing.length > 0) {
    throw new ReleaseError(
      'AlarmMissing',
      `${listed(missing)}: there is no such alarm in CloudWatch, so nothing would stop a bad version; ` +
        'correct "alarms" in deploymentSettings, or create the alarm; no traffic has moved',
    );
  }
  const active = inState('alarm');
  if (active.length > 0) {
    throw new ReleaseError(
      'AlarmActive',
      `${listed(active)}: the alarm is already in ALARM, before anything has moved; release again when it is OK, or ` +
        'return to an earlier release with "seedbed rollback", which moves at once',
    );
  }
}

const listed = (guards: readonly GuardingAlarm[]): string =>
  nameSome([...new Set(guards.map(({ alarm, logicalId }) => `alarm "${alarm}" of function ${logicalId}`))]);
