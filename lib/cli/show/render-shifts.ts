import type { PlannedShift } from '../../core/contracts/shift-plan';
import type { ServiceRecord } from '../../core/contracts/state';
import { describeShiftPace } from '../../core/shift/carefulness';
import { nameSome } from '../../core/text/name-some';

/** @returns how the functions of a service shift, those that do it alike on one line; nothing if all simply move. */
export function renderShifts({ decision, functions, status }: ServiceRecord): string[] {
  const updated = new Set(functions.filter((one) => one.updated).map(({ logicalId }) => logicalId));
  // Of a service that failed nothing is known to have moved: what was planned is what there is to tell.
  const shifts = (decision?.shifts ?? []).filter(({ logicalId }) => status === 'failed' || updated.has(logicalId));
  const alike = new Map<string, string[]>();
  for (const shift of shifts) {
    const pace = inWords(shift);
    alike.set(pace, [...(alike.get(pace) ?? []), shift.logicalId]);
  }
  return [...alike].map(([pace, ids]) => `shift ${nameSome(ids)}: ${pace}`);
}

const inWords = ({ shift, because }: PlannedShift): string =>
  because === undefined ? describeShiftPace(shift) : `at once, because ${because.message}`;
