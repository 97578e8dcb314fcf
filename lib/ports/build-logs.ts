/** A line of a log. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** The logs of builds. */
export interface BuildLogs {
  /**
   * @param after what the last call answered as `next`; without it, the log is read from the start
   * @returns the lines written since then, oldest first; none while the build has no log
   */
  read(buildId: string, after?: string): Promise<{ readonly lines: readonly LogLine[]; readonly next?: string }>;
}
