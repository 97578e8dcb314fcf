/** Structured log lines, one for each decision or event worth reading later; never secrets, never whole inputs. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}
