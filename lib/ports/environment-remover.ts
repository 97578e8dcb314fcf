/** Takes away what made stages had of their own; values are never read. */
export interface EnvironmentRemover {
  /**
   * @param path as `environmentPath` gives it
   * @returns how many variables there were
   */
  remove(path: string): Promise<number>;
}
