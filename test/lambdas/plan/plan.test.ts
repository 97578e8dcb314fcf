import { plan } from '../../../lambdas/plan/plan';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { memorySource } from '../../../lib/memory/memory-source';
import type { Source } from '../../../lib/ports/source';
import { aRelease } from '../../builders';
import { memoryPlatform } from '../../memory-platform';

const commitOf = (number: number): string => String(number).padStart(40, '0');
const releaseId = (number: number): string => `01HZ${String(number).padStart(22, '0')}`;

/** A stage whose releases are planned, and deployed as planned, one after the other. */
function aStage() {
  const commits: Record<string, Record<string, string>> = {};
  const links: Record<string, Record<string, string>> = {};
  const platform = memoryPlatform();
  const source = memorySource({ shop: { branches: {}, commits, links } });
  const calls: string[] = [];
  const counted = new Proxy(source, {
    get:
      (target, name: keyof Source) =>
      (repository: never, ...rest: never[]) => {
        calls.push([name, ...rest].join(' '));
        return (target[name] as (...args: never[]) => unknown)(repository, ...rest);
      },
  });
  const run = plan({ ...platform, source: counted, now: () => '2026-01-02T03:04:05.000Z' });
  let count = 0;
  return {
    ...platform,
    commits,
    /** What was asked of the source in the last plan. */
    calls,
    async plan(
      files: Record<string, string>,
      {
        linked = {},
        made = {},
        ...more
      }: Partial<Release> & {
        readonly linked?: Record<string, string>;
        readonly made?: Record<string, readonly string[]>;
      } = {},
    ) {
      count += 1;
      const commit = commitOf(count);
      commits[commit] = files;
      links[commit] = linked;
      const release = aRelease({
        id: releaseId(count),
        commit,
        trigger: { type: 'push', id: `event-${count}` },
        ...more,
      });
      await platform.releases.accept(release, await platform.releases.queue(release));
      await platform.releases.takeLock(release, release.requestedAt);
      calls.length = 0;
      const output = await run({ release });
      const madeOf = (path: string) => ({
        outsideFiles: [...(made[path] ?? [])],
        ...(path in made && { outsideUnseen: { commit, by: [] } }),
      });
      for (const { service } of output.phases.flat()) {
        await platform.states.endService(
          release,
          { status: 'deployed', commit, environment: service.environment, ...madeOf(service.path) },
          { path: service.path, status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
        );
      }
      await platform.releases.end(release, { status: 'succeeded', finishedAt: release.requestedAt });
      const paths = output.phases.map((phase) => phase.map(({ service }) => service.path));
      return { ...output, paths, record: await platform.releases.find(release) };
    },
  };
}

describe('services of SAM', () => {
  it('are found by what their templates say, and only templates are read', async () => {
    const stage = aStage();
    const { paths } = await stage.plan({
      'web/serverless.yml': '',
      'pay/template.yaml': 'Transform: AWS::Serverless-2016-10-31',
      'infra/template.yaml': 'Resources: {}',
    });
    expect(paths).toEqual([['pay', 'web']]);
    const read = stage.calls.filter((call) => call.startsWith('readFile')).map((call) => call.split(' ').at(-1));
    expect(read).toEqual(['seed.yml', 'pay/template.yaml', 'infra/template.yaml']);
  });
});

describe('an app of 5,000 services', () => {
  const paths = Array.from({ length: 5_000 }, (_, index) => `teams/team-${index % 40}/the-service-${index}`);
  const files = (changed: number, content: string) =>
    Object.fromEntries(paths.map((path, index) => [`${path}/serverless.yml`, index < changed ? content : '']));
  const deployed = async (stage: ReturnType<typeof aStage>) => {
    const release = aRelease({ id: releaseId(0), commit: commitOf(0) });
    stage.commits[release.commit] = files(0, '');
    for (const path of paths) {
      await stage.states.endService(
        release,
        { status: 'deployed', commit: release.commit },
        { path, status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
      );
    }
  };

  it('is planned, with a reason for each service, and a push deploys what it changes', async () => {
    const stage = aStage();
    await deployed(stage);
    const { paths: planned, record } = await stage.plan(files(3, 'changed'));
    expect(planned).toEqual([paths.slice(0, 3).sort()]);
    expect(record!.plan!.skip).toHaveLength(4_997);
    expect(record!.plan!.skip.every(({ reasons }) => reasons[0]?.code === 'unchanged')).toBe(true);
  });

  it('is not deployed at once: that is refused before anything is kept, with what to do', async () => {
    const stage = aStage();
    await deployed(stage);
    await expect(stage.plan(files(5_000, 'changed'))).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(
        /^5000 services would be deployed at once, .*; release some of them first, by name \(--service\), at most \d{3,4} at/,
      ),
    });
    const refused = { ...aRelease(), id: releaseId(1) };
    expect(await stage.releases.find(refused)).not.toHaveProperty('plan');
    await stage.releases.end(refused, { status: 'failed', finishedAt: refused.requestedAt });
    const { paths: some } = await stage.plan(files(5_000, 'changed'), { only: paths.slice(0, 700) });
    expect(some.flat()).toHaveLength(700);
  });
});

const FILES = { 'api/serverless.yml': '', 'web/serverless.yml': '', 'mail/serverless.yml': '' };

describe('the plan of a push', () => {
  it('puts services into phases, numbered for their removal, and says how many run side by side', async () => {
    const stage = aStage();
    const seedYml = 'deploy_after: { web: [api], mail: [web] }\nparallel: 2\nafter_all: [echo]\n';
    const { phases, parallel, afterAll, record } = await stage.plan({ ...FILES, 'seed.yml': seedYml });
    expect(phases.map((phase) => phase.map(({ service: { path, phase } }) => [path, phase]))).toEqual([
      [['api', 0]],
      [['web', 1]],
      [['mail', 2]],
    ]);
    expect({ parallel, afterAll }).toEqual({ parallel: 2, afterAll: true });
    expect(record!.plan!.phases.flat().map(({ path }) => path)).toEqual(['api', 'web', 'mail']);
  });

  it('runs nothing after all if nothing is deployed', async () => {
    const stage = aStage();
    const files = { ...FILES, 'seed.yml': 'after_all: [echo]' };
    await stage.plan(files);
    expect(await stage.plan(files)).toMatchObject({ phases: [], afterAll: false });
  });

  it('names the line of an order that cannot be', async () => {
    const seedYml = 'deploy_after:\n  web: [api]\n  api:\n    - mail\n    - web\n';
    await expect(aStage().plan({ ...FILES, 'seed.yml': seedYml })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message:
        'seed.yml, line 3: deploy_after: services wait for each other in a circle: api → web → api; remove one of ' +
        'these entries',
    });
    const misspelt = 'phases:\n  - [api]\n  - [wbe, mail]\n';
    await expect(aStage().plan({ ...FILES, 'seed.yml': misspelt })).rejects.toMatchObject({
      code: 'ServiceNotFound',
      message: expect.stringMatching(/^seed\.yml, line 3: phases\[1\]\[0\]: "wbe" is not a service .*"web"\?$/),
    });
  });

  it('reads symbolic links if something changed, and deploys whoever holds one to it', async () => {
    const stage = aStage();
    const linked = { 'web/common': '../api/src', 'mail/out': '../../api/src' };
    const files = { ...FILES, 'api/src/hello.js': '1' };
    await stage.plan(files, { linked });
    expect(stage.calls.filter((call) => call.startsWith('symbolicLinks'))).toEqual([]);
    const { paths } = await stage.plan({ ...files, 'api/src/hello.js': '2' }, { linked });
    expect(paths).toEqual([['api', 'web']]);
    expect((await stage.plan({ ...files, 'api/src/hello.js': '2' }, { linked })).paths).toEqual([]);
    expect(stage.calls.filter((call) => call.startsWith('symbolicLinks'))).toEqual([]);
  });

  it('deploys only what is asked for, and compares nothing', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    const { paths } = await stage.plan({ ...FILES, 'api/x': '' }, { only: ['web'] });
    expect(paths).toEqual([['web']]);
    expect(stage.calls.filter((call) => call.startsWith('changedFiles'))).toEqual([]);
  });
});

describe('the plan of a stage with a service that is held', () => {
  const files = { ...FILES, 'api/index.js': 'good' };
  const bad = { ...FILES, 'api/index.js': 'bad' };

  /** A stage in which `api` was deployed, and then went back. */
  async function rolledBack() {
    const stage = aStage();
    await stage.plan(files);
    await stage.plan(bad);
    const state = (await stage.states.find(aRelease(), 'api'))!;
    const held = { commit: state.commit!, at: '2026-01-02T03:04:05.000Z', why: 'rolled back' };
    const record: ServiceRecord = {
      path: 'api',
      status: 'deployed',
      planned: [],
      functions: [],
      outputs: {},
      durations: {},
    };
    await stage.states.endService(
      aRelease({ id: releaseId(2) }),
      { status: 'deployed', commit: commitOf(1), held },
      record,
    );
    return stage;
  }

  it('leaves it alone until a push touches it, which ends the hold', async () => {
    const stage = await rolledBack();
    const push = await stage.plan({ ...bad, 'web/x.js': '1' });
    expect(push.paths).toEqual([['web']]);
    expect(push.record!.plan!.skip.find(({ path }) => path === 'api')!.reasons[0]!.code).toBe('held');
    expect(await stage.states.find(aRelease(), 'api')).toHaveProperty('held');
    expect((await stage.plan({ ...bad, 'web/x.js': '1', 'api/index.js': 'fixed' })).paths).toEqual([['api']]);
    expect(await stage.states.find(aRelease(), 'api')).not.toHaveProperty('held');
  });

  it('deploys it if a person asks for the release, which ends the hold', async () => {
    const stage = await rolledBack();
    const trigger = { type: 'manual', id: 'by hand' } as const;
    expect((await stage.plan({ ...bad, 'web/x.js': '1' }, { trigger })).paths).toEqual([['api', 'web']]);
    expect(await stage.states.find(aRelease(), 'api')).not.toHaveProperty('held');
  });
});

describe('the calls to the source', () => {
  const changes = ({ calls }: ReturnType<typeof aStage>) => calls.filter((call) => call.startsWith('changedFiles'));

  it('are four for every push, with one for symbolic links, however many services were deployed of how many commits', async () => {
    const stage = aStage();
    let files: Record<string, string> = {};
    for (let index = 0; index < 12; index++) files[`services/s${index}/serverless.yml`] = '';
    await stage.plan(files);
    for (let index = 0; index < 12; index++) {
      files = { ...files, [`services/s${index}/x`]: '' };
      const { paths } = await stage.plan(files);
      expect(paths).toEqual([[`services/s${index}`]]);
      expect(stage.calls.map((call) => call.split(' ')[0]).sort()).toEqual([
        'changedFiles',
        'listFiles',
        'readFile',
        'symbolicLinks',
      ]);
    }
  });

  it('go back to the commits that services were deployed of if the commit planned last is gone', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    await stage.plan({ ...FILES, 'api/x': '' });
    delete stage.commits[commitOf(2)];
    // Of web and mail the first commit is known, of api only the second was.
    const { paths } = await stage.plan({ ...FILES, 'api/x': '', 'mail/x': '' });
    expect(paths).toEqual([['api', 'mail']]);
    expect(changes(stage)).toHaveLength(3);
  });

  it('go back too when a service is not any more what the last plan found', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    const second = await stage.plan({ ...FILES, 'api/x': '' });
    // As a rollback of mail alone would leave it.
    await stage.states.endService(
      second.record!.release,
      { status: 'deployed', commit: 'e'.repeat(40) },
      { path: 'mail', status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
    );
    const { paths } = await stage.plan({ ...FILES, 'api/x': '' });
    expect(paths).toEqual([['mail']]);
  });
});

describe('the plan by files', () => {
  const REPOSITORY = { ...FILES, 'seed.yml': 'changes: files', 'libs/money.js': '1', 'libs/texts.js': '1' };
  const made = { api: ['libs/money.js'], web: ['libs/texts.js'], mail: [] };

  it('deploys the services whose packages were made of a changed file of no service', async () => {
    const stage = aStage();
    await stage.plan(REPOSITORY, { made });
    expect((await stage.plan({ ...REPOSITORY, 'libs/money.js': '2' }, { made })).paths).toEqual([['api']]);
    expect(stage.calls).toContain(`editedFiles ${commitOf(1)} ${commitOf(2)}`);
    // The others are compared with the commit that was planned last, and their records are those of the first one.
    const third = { ...REPOSITORY, 'libs/money.js': '2', 'libs/texts.js': '2' };
    expect((await stage.plan(third, { made })).paths).toEqual([['web']]);
    expect((await stage.plan({ ...third, 'libs/new.js': '' }, { made })).paths).toEqual([['api', 'mail', 'web']]);
  });

  it('asks for nothing more while the directories decide', async () => {
    const stage = aStage();
    const files = { ...REPOSITORY, 'seed.yml': '' };
    await stage.plan(files, { made });
    expect((await stage.plan({ ...files, 'libs/money.js': '2' })).paths).toEqual([['api', 'mail', 'web']]);
    expect(stage.calls.filter((call) => call.startsWith('editedFiles'))).toEqual([]);
  });
});

describe('the plan by workspaces', () => {
  const WORKSPACES = {
    ...FILES,
    'seed.yml': 'changes: workspaces',
    'package.json': JSON.stringify({ workspaces: ['api', 'web', 'mail', 'packages/*'] }),
    'api/package.json': JSON.stringify({ name: 'api', dependencies: { money: 'workspace:*' } }),
    'web/package.json': JSON.stringify({ name: 'web', dependencies: { ui: '^1.0.0' } }),
    'mail/package.json': JSON.stringify({ name: 'mail' }),
    'packages/ui/package.json': JSON.stringify({ name: 'ui', dependencies: { money: 'file:../money' } }),
    'packages/money/package.json': JSON.stringify({ name: 'money' }),
  };
  const reads = ({ calls }: ReturnType<typeof aStage>) =>
    calls.filter((call) => /readFile .*package\.json$/.test(call));

  it('deploys the services that use a package that changed', async () => {
    const stage = aStage();
    await stage.plan(WORKSPACES);
    expect((await stage.plan({ ...WORKSPACES, 'packages/ui/x': '' })).paths).toEqual([['web']]);
    expect(reads(stage)).toHaveLength(6);
    expect((await stage.plan({ ...WORKSPACES, 'packages/money/x': '' })).paths).toEqual([['api', 'web']]);
  });

  it('knows hundreds of packages', async () => {
    const stage = aStage();
    const chain = Array.from({ length: 230 }, (_, index) => [
      `packages/p${index}/package.json`,
      JSON.stringify({ name: `p${index}`, dependencies: { [`p${index + 1}`]: '*' } }),
    ]);
    const files = {
      ...WORKSPACES,
      ...Object.fromEntries(chain),
      'mail/package.json': JSON.stringify({ name: 'mail', dependencies: { p0: '*' } }),
    };
    await stage.plan(files);
    expect((await stage.plan({ ...files, 'packages/p229/x': '' })).paths).toEqual([['mail']]);
  });

  it('reads no package if nothing changed', async () => {
    const stage = aStage();
    await stage.plan(WORKSPACES);
    expect((await stage.plan(WORKSPACES)).paths).toEqual([]);
    expect(reads(stage)).toEqual([]);
  });

  it('knows the workspaces of pnpm', async () => {
    const stage = aStage();
    const pnpm = {
      ...WORKSPACES,
      'package.json': '{}',
      'pnpm-workspace.yaml': 'packages:\n  - "*"\n  - packages/*\n',
    };
    await stage.plan(pnpm);
    expect((await stage.plan({ ...pnpm, 'packages/ui/x': '' })).paths).toEqual([['web']]);
  });

  it('refuses a repository without workspaces, and a package.json that is none', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    await expect(stage.plan({ ...FILES, 'seed.yml': 'changes: workspaces' })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(
        /^seed\.yml: changes is workspaces, but neither .*names a directory .*declare them there/,
      ),
    });
    await expect(stage.plan({ ...WORKSPACES, 'packages/ui/package.json': '{' })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(/^packages\/ui\/package\.json: it is not valid JSON: /),
    });
  });
});

describe('the environment of the stage', () => {
  const variable = (value: string) => [{ name: 'A', value, secret: false }];

  it('deploys every service once more after it has changed, whatever files did', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    expect((await stage.plan(FILES)).paths).toEqual([]);
    await stage.environmentStamps.set({ app: 'shop', stage: 'dev' }, variable('1'));
    const changed = await stage.plan(FILES);
    expect(changed.paths.flat().sort()).toEqual(['api', 'mail', 'web']);
    expect(changed.record?.plan?.phases.flat().map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['environment-changed'],
      ['environment-changed'],
      ['environment-changed'],
    ]);
    expect((await stage.plan(FILES)).paths).toEqual([]);
    await stage.environmentStamps.remove({ app: 'shop', stage: 'dev' }, ['A']);
    expect((await stage.plan(FILES)).paths.flat()).toHaveLength(3);
  });

  it('of another stage deploys nothing here', async () => {
    const stage = aStage();
    await stage.plan(FILES);
    await stage.environmentStamps.set({ app: 'shop', stage: 'prod' }, variable('1'));
    expect((await stage.plan(FILES)).paths).toEqual([]);
  });

  it('of its template concerns a made stage', async () => {
    const stage = aStage();
    const made = { stage: 'pr-7', template: 'preview' };
    await stage.plan(FILES, made);
    await stage.environmentStamps.set({ app: 'shop', stage: 'preview' }, variable('1'));
    expect((await stage.plan(FILES, made)).paths.flat()).toHaveLength(3);
  });
});
