import { permitOutside } from '../outside';

// Should a unit test in the same process have ended without doing so.
permitOutside();
/**
 * Set by jest's configuration for all tests of this project: long enough for a machine that is busy with other work.
 */
jest.setTimeout(600_000);
