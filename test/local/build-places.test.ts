import { BuildPlaces } from '../../lib/local/codebuild/build-places';
import { AccountQuotas, type QuotaSettings } from '../../lib/local/quotas/account-quotas';

const SMALL = {
  accountId: '111122223333',
  region: 'us-east-1',
  environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL' },
};
const LARGE_ARM = { ...SMALL, environment: { type: 'ARM_CONTAINER', computeType: 'BUILD_GENERAL1_LARGE' } };

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Places of a machine that can run any number of builds, and what happened to those who took one. */
function somePlaces(settings?: QuotaSettings, mostAtOnce = 1000) {
  const places = new BuildPlaces(new AccountQuotas(settings), mostAtOnce);
  const running: string[] = [];
  const leave: Record<string, () => void> = {};
  const take = (name: string, place = SMALL) => {
    void places.take(place).then((end) => {
      running.push(name);
      leave[name] = end;
    });
  };
  return { take, running, leave };
}

const refusal = (most: number) =>
  expect.objectContaining({
    code: 'AccountLimitExceededException',
    message: `Cannot have more than ${most} builds in queue for the account`,
  });

it('runs as many builds of a type at once as the account may, and lets others wait in their order', async () => {
  const { take, running, leave } = somePlaces({ figures: { 'codebuild-linux-small': 2 } });
  for (const name of ['a', 'b', 'c', 'd']) take(name);
  await settled();
  expect(running).toEqual(['a', 'b']);
  leave.b!();
  await settled();
  expect(running).toEqual(['a', 'b', 'c']);
});

it('lets five builds wait for each one that may run, and refuses more', () => {
  const { take } = somePlaces({ figures: { 'codebuild-linux-small': 1 } });
  for (let count = 0; count < 6; count += 1) take(`${count}`);
  expect(() => take('one more')).toThrow(refusal(1));
});

it('refuses the second build of a new account, and its first one of a type that it may not use yet', () => {
  const { take } = somePlaces({ account: 'new' });
  take('first', LARGE_ARM);
  expect(() => take('second', LARGE_ARM)).toThrow(refusal(1));
  const huge = { ...SMALL, environment: { ...SMALL.environment, computeType: 'BUILD_GENERAL1_2XLARGE' } };
  expect(() => take('huge', huge)).toThrow(refusal(0));
});

it('counts each type, account and region by itself', async () => {
  const { take, running } = somePlaces({ account: 'new' });
  take('small');
  take('large on ARM', LARGE_ARM);
  take('of another account', { ...SMALL, accountId: '444455556666' });
  take('of another region', { ...SMALL, region: 'eu-west-1' });
  await settled();
  expect(running).toHaveLength(4);
});

it('runs no more at once than the machine can', async () => {
  const { take, running, leave } = somePlaces({}, 1);
  take('a');
  take('b', LARGE_ARM);
  await settled();
  expect(running).toEqual(['a']);
  leave.a!();
  await settled();
  expect(running).toEqual(['a', 'b']);
});

it('gives the place of a type that is full to another that waits', async () => {
  const { take, running } = somePlaces({ figures: { 'codebuild-linux-small': 1 } }, 2);
  for (const name of ['a', 'b']) take(name);
  take('c', LARGE_ARM);
  await settled();
  expect(running).toEqual(['a', 'c']);
});
