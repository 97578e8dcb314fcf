/** Secrets that the platform's owner keeps. */
export interface Secrets {
  /** @returns the value, or undefined if there is none of that name. */
  read(name: string): Promise<string | undefined>;
}
