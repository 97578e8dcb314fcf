import { describeShift, readDescription } from '../../../lib/core/shift/description';
import { aRelease, RELEASE_ID } from '../../builders';

const release = { id: RELEASE_ID, app: 'shop', stage: 'prod' };

describe('the description of a deployment', () => {
  it('says to people what moves, and for which release', () => {
    expect(describeShift({ release: aRelease({ stage: 'prod' }), service: 'orders', logicalId: 'List' })).toBe(
      `List of orders, release ${RELEASE_ID} of shop to prod`,
    );
  });

  it.each([
    ['short names', 'orders', 'List'],
    ['a long path', `services/${'orders/'.repeat(60)}`, 'List'],
    ['a long logical id', '.', 'List'.repeat(60)],
  ])('fits into what CodeDeploy takes, and names its release, with %s', (_, service, logicalId) => {
    const description = describeShift({ release, service, logicalId });
    expect(description.length).toBeLessThanOrEqual(256);
    expect(readDescription(description)).toEqual({ release });
  });

  it.each(['', 'by hand', 'rollback of d-000000001', `List of orders, release ${RELEASE_ID} of shop`])(
    'of others names no release: %j',
    (description) => {
      expect(readDescription(description)).toBeUndefined();
    },
  );
});
