import * as z from 'zod';
import { resolveConfig } from '../../lib/config/resolve-config';
import { parseSeedYml, SeedYmlKeys } from '../../lib/config/seed-yml';
import { SeedbedYml } from '../../lib/config/seedbed-yml';
import { editorSchema } from '../../lib/docs/editor-schema';
import { filledIn } from '../../lib/docs/filled-in';
import { keysTable } from '../../lib/docs/keys-table';

const accepts = (schema: z.ZodType, value: unknown): boolean =>
  z.fromJSONSchema(editorSchema(schema, 'a file') as z.core.JSONSchema.JSONSchema).safeParse(value).success;
const isRead = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};
const withStage = (stage: unknown) => ({
  apps: { shop: { repository: { codecommit: 'shop' }, stages: { dev: stage } } },
});

describe('what editors accept is what the platform reads', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['a stage without keys', withStage(null)],
    ['an account without quotes', { targets: { other: { account: 444455556666 } } }],
    ['a type of shift alone', withStage({ shift: 'Canary10Percent5Minutes' })],
    ["CodeDeploy's name of it", withStage({ shift: { type: 'CodeDeployDefault.LambdaCanary10Percent5Minutes' } })],
    ['a canary', withStage({ shift: { canary: { percent: 5, minutes: 20 }, mustBeGradual: true } })],
    ['a canary of nothing', withStage({ shift: { canary: { percent: 0, minutes: 20 } } })],
    ['an unknown shift', withStage({ shift: 'Sometimes' })],
    ['an unknown key of a shift', withStage({ shift: { kanary: {} } })],
    ['what builds may read', withStage({ build: { reads: ['ssm:/shop/*', 'cloudformation'] } })],
    ['no right for builds', withStage({ build: null })],
    ['an unknown kind of reading', withStage({ build: { reads: ['sqs:orders'] } })],
    ['an unknown key of build', withStage({ build: { read: [] } })],
    ['an unknown key', withStage({ branch: 'main' })],
    ['an app without a repository', { apps: { shop: { stages: {} } } }],
    ['a name with capitals', { apps: { Shop: { repository: { codecommit: 'shop' }, stages: {} } } }],
  ])('seedbed.yml: %s', (_, value) => {
    const place = { account: '111122223333', region: 'eu-central-1' };
    expect(accepts(SeedbedYml, value)).toBe(isRead(() => resolveConfig(JSON.stringify(value), place)));
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['hooks', { before_build: ['npm run build'], after_all: ['date'], hook_timeout: 5 }],
    ['a hook that is no list', { before_build: 'npm run build' }],
    ['a time that is too long', { hook_timeout: 100 }],
    ['phases', { phases: [['a'], ['b', 'c']] }],
    ['a shift', { shift: { type: 'AllAtOnce', unit: 'function', hookTimeout: 20, stages: ['prod'] } }],
    ['a shift of one service', { shift: { services: { 'services/api': { linear: { percent: 20, minutes: 3 } } } } }],
    ['an unknown key of a shift', { shift: { services: { 'services/api': { lineal: {} } } } }],
    ['an unknown unit', { shift: { unit: 'stage' } }],
    ['an unknown key', { before_bild: [] }],
  ])('seed.yml: %s', (_, value) => {
    expect(accepts(SeedYmlKeys, value)).toBe(isRead(() => parseSeedYml(JSON.stringify(value))));
  });
});

describe('a table of keys', () => {
  it('has every key, with the names that its writer chooses', () => {
    const table = keysTable(editorSchema(SeedbedYml, 'seedbed.yml'));
    for (const key of ['externalId', 'apps.<app>.stages.<stage>.branches', 'apps.<app>.branchStages[].template']) {
      expect(table).toContain(`| \`${key}\` |`);
    }
  });

  it('has no room for a key that nobody described', () => {
    expect(() => keysTable(editorSchema(z.object({ secret: z.string() }), 'a file'))).toThrow(
      'the key "secret" has no description',
    );
  });
});

describe('a document with parts that are made', () => {
  const document = 'before\n<!-- made by "npm run docs": keys -->\nold\n<!-- end of what is made -->\nafter\n';

  it('keeps what is written by hand', () => {
    const filled = filledIn(document, { keys: 'new' });
    expect(filled).toBe(document.replace('old', 'new'));
    expect(filledIn(filled, { keys: 'new' })).toBe(filled);
  });

  it('must have the marks', () => {
    expect(() => filledIn(document, { other: 'new' })).toThrow('the document has no marks of "other"');
  });
});
