import { EXIT, ToldFailure } from './run-command';

/** Asks a person. @returns the answer, or `fallback` if it is empty */
export type Ask = (question: string, fallback?: string) => Promise<string>;

/**
 * @param input where answers are typed
 * @param output where questions are shown
 * @returns what asks there; it throws ToldFailure if the person gives up, with Ctrl-C or Ctrl-D
 */
export const askOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask =>
  async (question, fallback) => {
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input, output });
    const control = new AbortController();
    // An interface that is closed leaves its question open for good.
    terminal.once('close', () => control.abort());
    try {
      const answer = await terminal.question(`${question}${fallback ? ` [${fallback}]` : ''}: `, control);
      return answer.trim() || (fallback ?? '');
    } catch (error) {
      if (!control.signal.aborted) throw error;
      throw new ToldFailure(EXIT.interrupted);
    } finally {
      terminal.close();
    }
  };
