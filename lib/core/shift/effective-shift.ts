import type { FunctionShift, StageShift } from '../contracts/settings';
import type { Shift } from '../contracts/shift';
import { describeShiftPace, isAtLeastAsCareful } from './carefulness';

/** The shift that a function gets, or why it cannot have one. */
export type EffectiveShift = { readonly shift: Shift } | { readonly problem: string };

/**
 * @param asked what the app asks for the function; nothing: the stage's floor is what it gets
 * @param stage the stage, and what its owner demands of every shift there
 */
export function effectiveShift(
  asked: Pick<FunctionShift, 'shift' | 'writtenAt'> | undefined,
  stage: { readonly name: string; readonly shift: StageShift },
): EffectiveShift {
  const floor = stage.shift.shift;
  const wish = asked?.shift;
  if (wish === undefined) return { shift: floor };
  if (isAtLeastAsCareful(wish, floor)) return { shift: wish };
  const { file = 'the app', key = 'shift' } = asked?.writtenAt ?? {};
  return {
    problem:
      `${file}: "${key}" asks for ${describeShiftPace(wish)}, but stage "${stage.name}" (seedbed.yml) demands at ` +
      `least ${describeShiftPace(floor)}; ask for a shift that is never faster, or remove the key to shift as ` +
      'the stage does',
  };
}
