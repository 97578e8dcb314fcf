import type { Caller } from '../../core/contracts/call-reservations';
import type { Fence } from '../../ports/fence';

/** A client of the SDK, as far as it matters here. */
interface Client {
  // biome-ignore lint/suspicious/noExplicitAny: each service's client has commands of its own types
  send(command: any, ...more: any[]): any;
}

/** Calls that change nothing, by the names of their commands. */
const READS = /^(Get|List|Describe|BatchGet|Head)/;

/**
 * Makes a client prove, before each attempt at a change and not only before the first, that the release for which it
 * works may still change anything. It shares everything else with the client that it is made of.
 * @param caller for whom calls are made; changes for the platform itself need no proof
 * @param fence what proves it; of a worker that changes nothing there is none
 */
export function provedClient<C extends Client>(client: C, { release }: Caller, fence: Fence | undefined): C {
  if (!fence || !release) return client;
  const proof =
    (next: (args: object) => Promise<unknown>, { commandName = '' }: { readonly commandName?: string }) =>
    async (args: object) => {
      if (!READS.test(commandName)) await fence.prove(release);
      return next(args);
    };
  const send: Client['send'] = (command, ...more) => {
    // Within the middleware that tries again, which has a high priority.
    command.middlewareStack.add(proof, { step: 'finalizeRequest', priority: 'low', name: 'proof', override: true });
    return client.send(command, ...more);
  };
  // The SDK's paginators ask for an instance of the client's class.
  return Object.create(client, { send: { value: send } });
}
