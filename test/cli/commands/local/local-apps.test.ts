import { parse } from 'yaml';
import { appNameFor, withApp } from '../../../../lib/cli/commands/local/local-apps';
import { resolveConfig } from '../../../../lib/config/resolve-config';
import { Name } from '../../../../lib/core/contracts/release';

describe('the name of the app of a directory', () => {
  it.each([
    ['/home/ada/shop', 'shop'],
    ['/home/ada/My Shop (v2)', 'my-shop-v2'],
    ['/home/ada/2024_api', 'api'],
    ['/home/ada/日本', 'app'],
    ['/', 'app'],
  ])('of %s is %s', (directory, name) => {
    expect(appNameFor(directory, {})).toBe(name);
  });

  it('stays the same', () => {
    expect(appNameFor('/a/shop', { '/b/shop': 'shop', '/a/shop': 'shop-123456' })).toBe('shop-123456');
  });

  it('is another one for another directory, also if it is long', () => {
    const long = 'a'.repeat(60);
    const first = appNameFor(`/a/${long}`, {});
    const second = appNameFor(`/b/${long}`, { [`/a/${long}`]: first });
    expect(second).not.toBe(first);
    for (const name of [first, second]) expect(Name.safeParse(name).success).toBe(true);
  });

  it('is not one that is in use', () => {
    expect(appNameFor('/a/shop', {}, ['shop'])).toMatch(/^shop-[0-9a-f]{6}$/);
  });
});

describe('adding an app to seedbed.yml', () => {
  const app = { app: 'shop', repository: 'shop', stage: 'dev' };
  const stages = (text: string) => resolveConfig(text, { account: '111122223333', region: 'us-east-1' }).apps;

  it.each(['', '# nothing yet\n', 'apps:\n', 'apps: {}\n'])('begins with %j', (text) => {
    expect(stages(withApp(text, app))).toMatchObject([
      { app: 'shop', repository: { name: 'shop' }, stages: { dev: {} } },
    ]);
  });

  it('keeps what is there, comments too', () => {
    const before = '# ours\napps:\n  web: { repository: { codecommit: web }, stages: { dev: { branches: [main] } } }\n';
    const after = withApp(before, app);
    expect(after).toContain('# ours');
    expect(stages(after).map((one) => one.app)).toEqual(['web', 'shop']);
  });

  it('adds a stage to an app that is there', () => {
    const twice = withApp(withApp('', app), { ...app, stage: 'qa' });
    expect(Object.keys(parse(twice).apps.shop.stages)).toEqual(['dev', 'qa']);
  });

  it('changes nothing if app and stage are there', () => {
    const text = 'apps: {shop: {repository: {codecommit: shop},   stages: {dev: }}} # as it is\n';
    expect(withApp(text, app)).toBe(text);
  });
});
