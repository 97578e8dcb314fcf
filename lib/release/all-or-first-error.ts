/**
 * Waits for all, also if one fails, so that nothing goes on behind the back of whoever handles the failure.
 *
 * @returns all results
 * @throws what the first of `running`, in its order, was rejected with
 */
export async function allOrFirstError<T>(running: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(running);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
