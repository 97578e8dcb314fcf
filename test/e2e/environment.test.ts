import type { LocalCloud } from '../../lib/local/local-cloud';
import { AMOUNTS } from '../../lib/local/quotas/amounts';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { ownCloud } from './own-cloud';

jest.setTimeout(PATIENCE);

/**
 * What a stage gives its builds, through the real adapters; and a CodeBuild that takes no more than two builds at a
 * time.
 */
const SECRET = 'hush hush & more';
const NAMES = ['one', 'two'] as const;
const service = (name: string) =>
  aService({
    path: name,
    name: `secrets-${name}`,
    functions: { hello: name },
    environment: { COLOUR: '${env:COLOUR}' },
  });

let cloud: LocalCloud;
let app: AnApp;
let refused: Seen;
let first: Seen;
let idle: Seen;
let changed: Seen;
let crowded: Seen;
let logs: string;

beforeAll(async () => {
  // One build runs and one waits, of whatever type.
  const ofBuilds = Object.keys(AMOUNTS).filter((name) => name.startsWith('codebuild-'));
  const figures = Object.fromEntries(ofBuilds.map((name) => [name, 1]));
  cloud = await ownCloud(
    { secrets: { repository: { codecommit: 'secrets' }, stages: { dev: { branches: ['main'] } } } },
    { name: 'secrets', quotas: { figures } },
  );
  app = await anApp('secrets');
  const { environments } = app.platform;
  const stage = { app: 'secrets', stage: 'dev' };
  const seed = 'environment: [COLOUR, KEY]\nbefore_build:\n  - echo "the key is $KEY, the colour $COLOUR"\n';
  await environments.set(stage, [{ name: 'COLOUR', value: 'blue', secret: false }]);
  refused = await app.release({ ...service('one'), ...service('two'), 'seed.yml': seed });
  await environments.set(stage, [{ name: 'KEY', value: SECRET, secret: true }]);
  first = await app.release();
  idle = await app.release();
  await environments.set(stage, [{ name: 'COLOUR', value: 'red', secret: false }]);
  changed = await app.release();
  // A file of no service concerns all three, and there is place for two.
  crowded = await app.release({ ...service('three'), 'seed.yml': `${seed}# all of you\n` });
  const { release } = first;
  const records = await app.platform.releaseBuilds.list(release);
  const read = await Promise.all(records.map(({ buildId }) => app.platform.buildLogs.read(buildId)));
  logs = read.flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n');
}, PATIENCE);
afterAll(async () => {
  await app?.remove();
  await cloud?.stop();
});

const reasons = ({ plan }: Seen) => plan!.phases.flat().map((service) => service.reasons.map(({ code }) => code));

it('builds nothing without a variable that seed.yml asks for, and names the command that sets it', () => {
  expect(refused.status).toBe('failed');
  const error = Object.values(refused.services)[0]?.error;
  expect(error).toMatchObject({ code: 'SecretMissing' });
  expect(error!.message).toContain('seedbed env set --app secrets --stage dev --secret KEY');
});

it('starts builds that CodeBuild had no place for as soon as it has, and fails none', () => {
  expect([crowded.status, Object.keys(crowded.services).sort()]).toEqual(['succeeded', ['one', 'three', 'two']]);
});

it('gives builds the environment, and masks secrets in their logs', () => {
  expect(logs).toContain('the key is ***, the colour blue');
  expect(logs).not.toContain('hush');
});

it('keeps secrets out of what the platform records', () => {
  expect(JSON.stringify([refused, first, idle, changed, crowded])).not.toContain('hush');
});

it('releases nothing as long as nothing changes, and every service in full once the environment does', () => {
  expect(reasons(idle)).toEqual([]);
  expect([changed.status, reasons(changed)]).toEqual(['succeeded', NAMES.map(() => ['environment-changed'])]);
  for (const { decision } of Object.values(changed.services)) {
    expect(decision).toMatchObject({
      kind: 'full',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'environment-changed' })]),
    });
  }
});
