/** Repositories at the host where connected apps live. */
export interface Repositories {
  /**
   * Makes the repository unless it is there.
   * @returns the URL to clone from and push to
   */
  ensure(name: string): Promise<string>;
}
