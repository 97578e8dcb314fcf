import { WaitForStackInput } from '../../lib/core/contracts/payloads';
import type { Clock } from '../../lib/ports/clock';
import { pollUntil } from '../../lib/release/poll-until';
import {
  newestEvents,
  type StackFollowerPorts,
  type StackProgress,
  stackFollower,
} from '../../lib/release/waiting/stack-follower';

export interface WaitForStackPorts extends StackFollowerPorts {
  readonly pace: Clock;
}

/**
 * Follows a stack operation for most of a minute.
 * @returns its status, and its events of this minute for whoever looks at the execution
 * @throws ReleaseError if the operation failed, see {@link stackFollower}
 */
export const waitForStack = (ports: WaitForStackPorts) => {
  const follow = stackFollower(ports);

  return async (event: unknown): Promise<StackProgress> => {
    const job = WaitForStackInput.parse(event);
    const lines: string[] = [];
    const end = await pollUntil(ports.pace, async () => {
      const { status, events } = await follow(job);
      lines.push(...events);
      return status === 'running' ? undefined : status;
    });
    return { status: end ?? 'running', events: newestEvents(lines) };
  };
};
