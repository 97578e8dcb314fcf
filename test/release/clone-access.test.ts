import { memoryCloneCredentials } from '../../lib/memory/memory-clone-credentials';
import { cloneAccess, prepareCloneAccess } from '../../lib/release/clone-access';
import { aRelease } from '../builders';

const NOON = Date.parse('2030-01-01T12:00:00Z');
const MINUTE = 60_000;
const repository = { provider: 'github', name: 'acme/shop' } as const;
const PARAMETER = '/seedbed/clone/shop/dev';

function aHost() {
  const asked: string[] = [];
  let now = NOON;
  const ports = {
    cloneCredentials: memoryCloneCredentials(),
    source: {
      async cloneUrl({ name }: { name: string }) {
        asked.push(`url of ${name}`);
        return `https://github.com/${name}.git`;
      },
      async cloneToken({ name }: { name: string }) {
        asked.push(`token for ${name}`);
        return { token: `token-${asked.length}`, until: new Date(now + 60 * MINUTE).toISOString() };
      },
    },
  };
  const access = (more = {}, at = NOON) => {
    now = at;
    return cloneAccess(ports, aRelease({ repository, stage: 'dev', ...more }), at);
  };
  const token = async () => (await ports.cloneCredentials.find(PARAMETER))?.token;
  return { asked, ports, access, token };
}

describe('builds of a repository on GitHub', () => {
  it('are told where the token is, and never the token', async () => {
    const { access, token } = aHost();
    const told = await access();
    expect(told).toEqual({ cloneUrl: 'https://github.com/acme/shop.git', cloneParameter: PARAMETER });
    expect(JSON.stringify(told)).not.toContain(await token());
  });

  it('share one token, also those of stages that were made of theirs', async () => {
    const { access, asked } = aHost();
    await access();
    expect(await access({ stage: 'pr-7', template: 'dev' })).toMatchObject({ cloneParameter: PARAMETER });
    expect(asked).toHaveLength(2);
  });

  it('get another token when half of the life of one is over', async () => {
    const { access, asked, token } = aHost();
    await access();
    const first = await token();
    await access({}, NOON + 29 * MINUTE);
    expect([asked.length, await token()]).toEqual([2, first]);
    await access({}, NOON + 31 * MINUTE);
    expect(await token()).not.toBe(first);
  });

  it('do not get a token for the repository that the app had before', async () => {
    const { access } = aHost();
    await access();
    const moved = { ...repository, name: 'acme/store' };
    expect(await access({ repository: moved })).toMatchObject({ cloneUrl: 'https://github.com/acme/store.git' });
  });

  it('find a token that the plan has prepared', async () => {
    const { ports, access, asked } = aHost();
    await prepareCloneAccess(ports, aRelease({ repository, stage: 'dev' }), NOON);
    const before = asked.length;
    await Promise.all([access(), access(), access()]);
    expect(asked).toHaveLength(before);
  });
});

it('builds of a repository of CodeCommit need no token, and nothing is prepared for them', async () => {
  const { ports, access, asked } = aHost();
  const codeCommit = { provider: 'codecommit', name: 'shop' } as const;
  await prepareCloneAccess(ports, aRelease({ repository: codeCommit }), NOON);
  expect(asked).toEqual([]);
  expect(await access({ repository: codeCommit })).toEqual({ cloneUrl: 'https://github.com/shop.git' });
  expect(asked).toEqual(['url of shop']);
});
