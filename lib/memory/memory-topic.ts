import type { Topic, TopicMessage } from '../ports/topic';

/** In-memory twin of the port Topic. */
export interface MemoryTopic extends Topic {
  readonly messages: readonly TopicMessage[];
}

export function memoryTopic(): MemoryTopic {
  const messages: TopicMessage[] = [];
  return {
    messages,
    async publish(message) {
      messages.push(message);
    },
  };
}
