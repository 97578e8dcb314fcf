import type { KeptMessage } from '../core/record/read-given-up-call';

/** A message that nobody else gets while it is in hand. */
export interface HeldMessage extends KeptMessage {
  /** Of this taking, which a later one makes void. */
  readonly receipt: string;
}

/** The queue of the calls that a worker gave up. A message in hand comes back by itself after a while. */
export interface GivenUpCalls {
  /** @returns roughly how many messages there are that nobody has in hand, and that somebody has. */
  count(): Promise<{ readonly waiting: number; readonly inHand: number }>;
  /**
   * Takes messages in hand that nobody has, in no order.
   * @param most that are taken
   */
  take(most: number): Promise<readonly HeldMessage[]>;
  /** Keeps a message in hand anew, for longer than any worker runs. @returns false if it is not in hand any more */
  keepInHand(message: HeldMessage): Promise<boolean>;
  /** Lets others have a message again; nothing if it is not in hand any more. */
  putBack(message: HeldMessage): Promise<void>;
  /** Removes a message for good. */
  remove(message: HeldMessage): Promise<void>;
}
