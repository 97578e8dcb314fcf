/** What subscribers of a topic receive. */
export interface TopicMessage {
  /** One line for people. */
  readonly subject: string;
  readonly text: string;
  /** What subscribers may filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A topic that people and programs subscribe to. */
export interface Topic {
  publish(message: TopicMessage): Promise<void>;
}
