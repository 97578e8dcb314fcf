/**
 * How long work keeps the processor busy: a promise about how quick something is can be held to that on any machine,
 * while what the clock says depends on who else is working there.
 * @returns what the work returned, and the milliseconds of this process's processor time that it took
 */
export async function processorTime<T>(work: () => Promise<T> | T): Promise<{ result: T; milliseconds: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, milliseconds: (user + system) / 1_000 };
}
