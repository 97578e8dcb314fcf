import type { KeptMessage } from '../core/record/read-given-up-call';
import type { GivenUpCalls, HeldMessage } from '../ports/given-up-calls';

/** The port GivenUpCalls in memory. What is in hand does not come back by itself. */
export function memoryGivenUpCalls(messages: readonly KeptMessage[] = []): GivenUpCalls {
  let takings = 0;
  const lying = new Map(messages.map((message) => [message.id, { message, receipt: undefined as string | undefined }]));
  const inHand = ({ id, receipt }: HeldMessage): boolean => lying.get(id)?.receipt === receipt;
  return {
    async count() {
      const held = [...lying.values()].filter(({ receipt }) => receipt !== undefined).length;
      return { waiting: lying.size - held, inHand: held };
    },
    async take(most) {
      const free = [...lying.values()].filter(({ receipt }) => receipt === undefined).slice(0, most);
      return free.map((one) => {
        takings += 1;
        one.receipt = `taking ${takings}`;
        return { ...one.message, receipt: one.receipt };
      });
    },
    keepInHand: async (message) => inHand(message),
    async putBack(message) {
      if (inHand(message)) lying.get(message.id)!.receipt = undefined;
    },
    async remove(message) {
      if (inHand(message)) lying.delete(message.id);
    },
  };
}
