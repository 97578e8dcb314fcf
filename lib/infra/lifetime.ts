/** Whether what holds state outlives its stack. On the local cloud it does not. */
export interface Lifetime {
  readonly keep: boolean;
}
