import type { IChainable, Map as MapState, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';

/** Keeps when a step began; the recorder makes durations of it. */
export const began = (step: string): string => `{% $merge([$marks, {"${step}": $millis()}]) %}`;

/** Goes on at `next` after any error, which is kept in the variable `error`. */
export const catchAll = (
  state: TaskStateBase | MapState,
  next: IChainable,
  assign: Record<string, unknown> = {},
): unknown =>
  state.addCatch(next, { errors: ['States.ALL'], assign: { ...assign, error: '{% $states.errorOutput %}' } });
