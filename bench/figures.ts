/** @returns the middle of some values; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** @param value in milliseconds */
export const ms = (value: number): string => `${Math.round(value)} ms`;

/** How many times as much. */
export const times = (value: number, base: number): string => `${(value / base).toFixed(2)} ×`;
