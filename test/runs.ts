import fc from 'fast-check';

/** Of ten runs of a property, how many `npm run test:unit` makes: enough to see a mistake, in seconds. */
const QUICK = 1 / 10;
const FEWEST = 10;
/** What fast-check makes where a property names no number. */
const USUAL = 100;

/**
 * @param all how often a property is tried by `npm test`, and so before anything lands
 * @returns how often it is tried now
 */
export const runs = (all: number): number =>
  process.env.SEEDBED_RUNS === 'quick' ? Math.max(FEWEST, Math.ceil(all * QUICK)) : all;

// For the properties, in a file that imports this one, that name no number.
fc.configureGlobal({ numRuns: runs(USUAL) });
