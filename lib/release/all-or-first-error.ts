/**
 * Waits for all, even if one fails, so that nothing goes on behind the back of whoever handles the failure.
 *
 * @returns all results
 * @throws the reason of the first rejected one, in the order of `running`
 */
export async function allOrFirstError<T>(running: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(running);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
