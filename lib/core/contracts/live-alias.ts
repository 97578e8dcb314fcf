/** Name of the Lambda alias that every event source of a service invokes, unless its app calls it otherwise. */
export const LIVE_ALIAS = 'live';
