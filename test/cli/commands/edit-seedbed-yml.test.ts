import { parse } from 'yaml';
import { withNewApp, withoutApp } from '../../../lib/cli/commands/edit-seedbed-yml';

const BLOG = { app: 'blog', repository: { provider: 'github', name: 'acme/blog' }, stages: { dev: ['main'] } } as const;
const SHOP = '{ repository: { codecommit: shop }, stages: { dev: { branches: [main] } } }';

it.each([
  ['one line for an app', `apps:\n  shop: ${SHOP}\n`],
  ['no line break at the end', `apps:\n  shop: ${SHOP}`],
  ['deep indentation', `apps:\n      shop:\n            ${SHOP}\n`],
  ['keys behind the apps', `apps:\n  shop: ${SHOP} # the first\n\n# how to reach it\ngithub:\n  secret: mine\n`],
  ['comments behind the last app', `apps:\n  shop: ${SHOP}\n  # more to come\n# the end\n`],
  ['all apps on one line', `apps: { shop: ${SHOP} }\n`],
  [
    'an app that ends in a list',
    'apps:\n  shop:\n    repository: { codecommit: shop }\n    stages:\n      dev:\n' +
      '        branches:\n        - main\n        - "next" # too\n',
  ],
  ['no value for apps', '# nothing yet\napps:\n'],
  ['nothing', ''],
])('an app comes and goes in a file with %s', (_, text) => {
  const added = withNewApp(text, BLOG);
  const before = parse(text) ?? {};
  expect(parse(added)).toEqual({
    ...before,
    apps: { ...before.apps, blog: { repository: { github: 'acme/blog' }, stages: { dev: { branches: ['main'] } } } },
  });
  for (const comment of text.match(/# .*/g) ?? []) expect(added).toContain(comment);
  const removed = withoutApp(added, 'blog');
  expect(parse(removed).apps).toEqual(before.apps ?? {});
  for (const comment of text.match(/# .*/g) ?? []) expect(removed).toContain(comment);
});

it('takes the first of several apps out', () => {
  const text = `apps:\n  shop: ${SHOP}\n  blog: { repository: { codecommit: blog }, stages: {} } # stays\n`;
  expect(withoutApp(text, 'shop')).toBe('apps:\n  blog: { repository: { codecommit: blog }, stages: {} } # stays\n');
});
