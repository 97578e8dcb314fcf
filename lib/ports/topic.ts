/** What subscribers of a topic get. */
export interface TopicMessage {
  /** A line that people read. */
  readonly subject: string;
  readonly text: string;
  /** What subscribers may filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A topic that people and programs subscribe to. */
export interface Topic {
  publish(message: TopicMessage): Promise<void>;
}
