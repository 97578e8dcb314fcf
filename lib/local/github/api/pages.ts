import { Answer } from '../http/answer';
import type { Call } from './call';

const SIZE = 30;
const LARGEST = 100;

/** Which part of a list is asked for. */
interface Page {
  readonly number: number;
  readonly size: number;
}

/** @returns the page that `page` and `per_page` ask for; like GitHub, with defaults for values that make no sense. */
export function pageOf({ query }: Call): Page {
  const size = Number(query.get('per_page') ?? SIZE);
  const number = Number(query.get('page') ?? 1);
  return {
    size: Number.isInteger(size) && size > 0 ? Math.min(size, LARGEST) : SIZE,
    number: Number.isInteger(number) && number > 0 ? number : 1,
  };
}

/**
 * @param total how many items there are on all pages
 * @returns the header with links to other pages, if there are any
 */
function linkHeader({ url }: Call, { number, size }: Page, total: number): Readonly<Record<string, string>> {
  const last = Math.max(1, Math.ceil(total / size));
  const link = (page: number, rel: string) => {
    const to = new URL(url);
    to.searchParams.set('page', String(page));
    return `<${to}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ];
  return links.length > 0 ? { link: links.join(', ') } : {};
}

/** @returns the page of a list that a call asks for. */
export function paged<T>(call: Call, items: readonly T[], json: (item: T) => unknown): Answer {
  const page = pageOf(call);
  const shown = items.slice((page.number - 1) * page.size, page.number * page.size);
  return new Answer(200, shown.map(json), linkHeader(call, page, items.length));
}
