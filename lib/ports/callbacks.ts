/** Whether somebody was told; `gone`: the state waits no more, since it was told, has timed out or was stopped. */
export type Told = 'told' | 'gone';

/** The states of state machines that wait to be called back, known by their tokens. */
export interface Callbacks {
  /** Ends the wait with an output, which becomes JSON. */
  succeed(token: string, output: unknown): Promise<Told>;
  /** Ends the wait with an error, as if a worker had thrown it. */
  fail(token: string, error: { readonly name: string; readonly message: string }): Promise<Told>;
  /** Tells the state that somebody looks after what it waits for. */
  beat(token: string): Promise<Told>;
}
