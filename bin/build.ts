import { join } from 'node:path';
import { makeDistribution } from '../lib/distribution/make-distribution';

/** Makes what `npm run pack` puts into the npm package, besides documents. */
makeDistribution(join(__dirname, '../dist'));
