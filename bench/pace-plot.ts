import type { PacedPush } from './pace-app';

/** More lines than this nobody reads. */
const MOST_LINES = 45;
/** Seconds that a line may stand for. */
const STEPS = [1, 2, 5, 10, 20, 60];
const WIDTH = 60;

/** @returns a plot in text: a line for each second, a `#` for each call that Lambda took, an `x` for each refused. */
export function plotOf(seconds: PacedPush['seconds']): string {
  if (seconds.length === 0) return '```\nno calls\n```';
  const step = STEPS.find((one) => seconds.length / one <= MOST_LINES) ?? STEPS.at(-1)!;
  const lines = Array.from({ length: Math.ceil(seconds.length / step) }, (_, index) => {
    const some = seconds.slice(index * step, (index + 1) * step);
    const [taken, refused] = [sum(some.map((one) => one.taken)), sum(some.map((one) => one.refused))];
    return { at: index * step, taken, refused };
  });
  const most = Math.max(...lines.map(({ taken, refused }) => (taken + refused) / step));
  const scale = Math.min(1, WIDTH / most);
  const bar = (mark: string, count: number) => mark.repeat(Math.round((count / step) * scale));
  const rows = lines.map(({ at, taken, refused }) => {
    const told = refused > 0 ? `${taken}, ${refused} refused` : String(taken);
    return `${String(at).padStart(4)} s ${bar('#', taken)}${bar('x', refused)} ${told}`;
  });
  const legend = [
    `# = ${told(1 / scale)} taken a second, x = as many refused`,
    ...(step > 1 ? [`a line is ${step} s`] : []),
  ];
  return ['```', ...rows, legend.join('; '), '```'].join('\n');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const told = (calls: number): string => (calls === 1 ? '1 call' : `${calls.toFixed(1)} calls`);
