const { default: Sequencer } = require('@jest/test-sequencer');

/** Kinds of tests, those that mostly wait first: the others fill the processors meanwhile, and the end is short. */
const KINDS = ['e2e', 'infra', 'local', 'unit'];

/**
 * Orders files of tests by kind, and within a kind as jest does: by the time of the last run, else by size. In a fresh
 * clone jest knows no times, and would begin the longest files late.
 */
class LongestFirst extends Sequencer {
  sort(tests) {
    const kind = ({ context }) => KINDS.indexOf(context.config.displayName?.name);
    // Array.sort is stable (ECMA-262, 23.1.3.30).
    return [...super.sort(tests)].sort((a, b) => kind(a) - kind(b));
  }
}

module.exports = LongestFirst;
