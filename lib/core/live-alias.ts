/** Name of the Lambda alias that every event source of a service invokes. */
export const LIVE_ALIAS = 'live';
