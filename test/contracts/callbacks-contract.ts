import type { Callbacks } from '../../lib/ports/callbacks';

/** A state that waits to be called back. */
export interface WaitingState {
  readonly token: string;
  /** What it goes on with, or the name and the message of the error that it fails with. */
  end(): Promise<unknown>;
  /** Stops its execution. */
  stop(): Promise<void>;
}

/** @param waiting makes a state wait */
export function callbacksContract(
  make: () => { readonly callbacks: Callbacks; readonly waiting: () => Promise<WaitingState> },
): void {
  it('gives a state its output', async () => {
    const { callbacks, waiting } = make();
    const state = await waiting();
    expect(await callbacks.succeed(state.token, { status: 'done', events: ['A'] })).toBe('told');
    expect(await state.end()).toEqual({ status: 'done', events: ['A'] });
  });

  it('fails a state with an error, as if a worker had thrown it', async () => {
    const { callbacks, waiting } = make();
    const state = await waiting();
    expect(await callbacks.fail(state.token, { name: 'StackFailed', message: 'no "role"' })).toBe('told');
    expect(await state.end()).toEqual({ name: 'StackFailed', message: 'no "role"' });
  });

  it('lets a state wait on after a heartbeat', async () => {
    const { callbacks, waiting } = make();
    const state = await waiting();
    expect([await callbacks.beat(state.token), await callbacks.beat(state.token)]).toEqual(['told', 'told']);
    expect(await callbacks.succeed(state.token, 1)).toBe('told');
    expect(await state.end()).toBe(1);
  });

  it('cannot tell a state anything that was told, and what it was told first stays', async () => {
    const { callbacks, waiting } = make();
    const state = await waiting();
    await callbacks.succeed(state.token, 1);
    expect(await callbacks.fail(state.token, { name: 'Late', message: '' })).toBe('gone');
    expect(await callbacks.succeed(state.token, 2)).toBe('gone');
    expect(await callbacks.beat(state.token)).toBe('gone');
    expect(await state.end()).toBe(1);
  });

  it('cannot tell a state anything whose execution was stopped, or that never was', async () => {
    const { callbacks, waiting } = make();
    const state = await waiting();
    await state.stop();
    expect(await callbacks.succeed(state.token, 1)).toBe('gone');
    expect(await callbacks.beat('no token')).toBe('gone');
  });
}
