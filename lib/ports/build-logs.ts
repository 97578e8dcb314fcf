/** A line of a log. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** The logs of builds. */
export interface BuildLogs {
  /**
   * @param after what the last call answered as `next`; without it from the start on
   * @returns the lines written since, oldest first; none as long as the build has no log
   */
  read(buildId: string, after?: string): Promise<{ readonly lines: readonly LogLine[]; readonly next?: string }>;
}
