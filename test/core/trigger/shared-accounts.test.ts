import { resolveConfig } from '../../../lib/config/resolve-config';
import { sharedAccounts } from '../../../lib/core/trigger/shared-accounts';

const PLATFORM = '111122223333';
const [PREVIEWS, PRODUCTION] = ['444455556666', '777788889999'];
const shared = (apps: object, targets: object = {}) =>
  sharedAccounts(
    resolveConfig(JSON.stringify({ targets, apps }), { account: PLATFORM, region: 'eu-central-1' }).apps,
    PLATFORM,
  ).map(({ rule, message }) => `${rule}: ${message.replace(/^stages of | live in one account|: whoever.*/g, '')}`);
const app = (
  stages: object,
  rules: object = { pullRequests: { template: 'preview', into: ['main'] } },
  name = 'shop',
) => ({
  [name]: { repository: { github: `acme/${name}` }, stages, ...rules },
});
const TARGETS = { previews: { account: PREVIEWS }, production: { account: PRODUCTION } };
const PREVIEW = { preview: { target: 'previews' } };

describe('stages that pull requests and branches make', () => {
  it('share their account with the platform unless their template has another target', () => {
    expect(shared(app({ preview: {} }))).toEqual(['apps.shop.pullRequests: pull requests with the platform itself']);
    expect(shared(app(PREVIEW), TARGETS)).toEqual([]);
  });

  it('share it with what lives there to stay, of the same app and of others', () => {
    const rules = { branchStages: [{ branches: ['feature/*'], template: 'preview' }] };
    const prod = { prod: { branches: ['main'], target: 'previews' } };
    expect(shared({ ...app({ ...PREVIEW, ...prod }, rules), ...app(prod, {}, 'blog') }, TARGETS)).toEqual([
      'apps.shop.branchStages[0]: branches feature/* with stages shop/prod, blog/prod',
    ]);
    expect(shared(app({ ...PREVIEW, prod: { branches: ['main'], target: 'production' } }), TARGETS)).toEqual([]);
  });

  it('share it with a template that branches or tags deploy, or that people release to by hand for itself', () => {
    const dev = (more: object) => app({ preview: { ...PREVIEW.preview, ...more } });
    expect(shared(dev({ branches: ['main'] }), TARGETS)).toEqual([
      'apps.shop.pullRequests: pull requests with stage shop/preview',
    ]);
    expect(shared(dev({ tags: ['v*'] }), TARGETS)).toHaveLength(1);
    expect(shared(app({ ...PREVIEW, demo: { target: 'previews' } }), TARGETS)).toEqual([
      'apps.shop.pullRequests: pull requests with stage shop/demo',
    ]);
  });

  it('may share it with previews of other apps', () => {
    expect(shared({ ...app(PREVIEW), ...app(PREVIEW, undefined, 'blog') }, TARGETS)).toEqual([]);
  });
});
