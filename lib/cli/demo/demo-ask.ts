import type { Paint } from '../show/paint';
import type { DemoQuestion } from './demo-act';
import type { DemoAnswer } from './demo-checks';
import { localApiUrls } from './service-api';

const MOST_SHOWN = 120;

/**
 * Asks the API of a service.
 * @param outputs of its stack
 * @param endpoint the local cloud's
 */
export async function ask(
  question: DemoQuestion,
  outputs: Readonly<Record<string, string>>,
  endpoint: string,
): Promise<DemoAnswer> {
  const [base] = localApiUrls(outputs, endpoint);
  if (!base) return { question, url: question.path, status: 0, text: `${question.service} has no API in its outputs` };
  const url = base + question.path;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    return { question, url, status: response.status, text: await response.text() };
  } catch (error) {
    return { question, url, status: 0, text: String(error) };
  }
}

/** @returns the answer in a line; of a long one the part that matters. */
export function renderAnswer({ question, url, status, text }: DemoAnswer, paint: Paint): string {
  const at = Math.max(0, text.indexOf(question.expect) - 20);
  const part = text.slice(at, at + MOST_SHOWN).replaceAll(/\s+/g, ' ');
  const excerpt = `${at > 0 ? '…' : ''}${part}${at + MOST_SHOWN < text.length ? '…' : ''}`;
  const path = new URL(url, 'http://api').pathname.replace(/^\/_aws\/execute-api/, '');
  return `${paint.bold('GET')} ${path}  ${status} ${excerpt}`;
}
