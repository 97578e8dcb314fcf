/** Repositories at the host where connected apps live. */
export interface Repositories {
  /**
   * Creates the repository unless it exists.
   * @returns the URL to clone from and push to
   */
  ensure(name: string): Promise<string>;
}
