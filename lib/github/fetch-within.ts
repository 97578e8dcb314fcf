/** Milliseconds until the answer begins; GitHub itself gives up after ten seconds. */
const ANSWER_WITHIN = 10_000;
/** Milliseconds until it is complete: the tree of a large repository has several megabytes. */
const COMPLETE_WITHIN = 20_000;

/** @returns a `fetch` that answers in time and completely, or throws: what breaks off halfway is not an answer. */
export const fetchWithin =
  (fetching: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const controller = new AbortController();
    const giveUp = () => controller.abort(new DOMException('no answer in time', 'TimeoutError'));
    let timer = setTimeout(giveUp, ANSWER_WITHIN);
    try {
      const response = await fetching(input, { ...init, signal: controller.signal });
      clearTimeout(timer);
      timer = setTimeout(giveUp, COMPLETE_WITHIN);
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      return new Response(EMPTY.has(status) ? null : body, { status, statusText, headers });
    } finally {
      clearTimeout(timer);
    }
  };

/** Statuses whose answers may have no body. */
const EMPTY = new Set([204, 205, 304]);
