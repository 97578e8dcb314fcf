import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerApp } from '../../../lib/cli/commands/app';
import { registerInit } from '../../../lib/cli/commands/init';
import { writeProjectFiles } from '../../../lib/cli/commands/project-files';
import { CHECKOUT } from '../../../lib/local/emulator/checkout';
import { anApp } from '../../memory-platform';
import { aWorld } from '../a-world';

const BEFORE = `# ours
targets:
  default: {} # the platform's own
apps:
  shop: # the first
    repository: { github: acme/shop }
    stages:
      dev: { branches: [main] }
`;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seedbed-app-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const file = () => join(directory, 'seedbed.yml');
const text = () => readFileSync(file(), 'utf8');
const world = () =>
  aWorld(
    (program, one) => {
      registerApp(program, one);
      registerInit(program, one);
    },
    { directory },
  );

describe('seedbed app add', () => {
  const add = ['app', 'add', 'blog', '--github', 'acme/blog', '--stage', 'dev:main', 'prod:production,release/*', 'qa'];

  it('writes the app into seedbed.yml and leaves the rest as it is, comments included', async () => {
    writeFileSync(file(), BEFORE);
    const { status, out } = await world().call(...add, '--pull-requests', 'dev');
    expect(status).toBe(0);
    expect(out).toMatch(/added "blog" to .*seedbed\.yml.*\n.*npx cdk deploy --all\n.*\n.*seedbed app doctor blog/);
    expect(text()).toBe(`${BEFORE}  blog:
    repository:
      github: acme/blog
    stages:
      dev:
        branches:
          - main
      prod:
        branches:
          - production
          - release/*
      qa: {}
    pullRequests:
      template: dev
`);
  });

  it('warns where whoever may push could deploy beside the platform and beside stages that stay', async () => {
    const { err } = await world().call(...add, '--pull-requests', 'dev');
    expect(err).toMatch(
      /^warning: "apps\.blog\.pullRequests": .* with the platform itself and stages blog\/dev.*; give/,
    );
    const { status, out } = await world().call(
      ...['init', '--app', 'shop', '--github', 'acme/shop', '--stage', 'dev:main', 'preview'],
      ...['--pull-requests', 'preview', '--yes', '--json'],
    );
    expect([status, JSON.parse(out).warnings]).toEqual([
      0,
      [expect.stringMatching(/with the platform itself and stage shop\/dev:/)],
    ]);
    const without = await world().call('app', 'add', 'news', '--github', 'acme/news', '--json');
    expect([JSON.parse(without.out).warnings, without.err]).toEqual([[], '']);
  });

  it('makes the file if there is none', async () => {
    await world().call('app', 'add', 'blog', '--codecommit', 'blog');
    expect(text()).toMatch(/^# What deploys where.*\n.*\napps:\n {2}blog:\n {4}repository:\n {6}codecommit: blog\n/);
  });

  it('asks for what is missing', async () => {
    const { call, answers } = world();
    answers.push('acme/blog', 'news', 'dev:main prod:live');
    const { status, err } = await call('app', 'add');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(text()).toMatch(
      /news:\n {4}repository:\n {6}github: acme\/blog\n {4}stages:\n(.*\n)* {6}prod:\n {8}branches:\n {10}- live\n/,
    );
  });

  it('prints JSON', async () => {
    expect(await world().json(...add)).toMatchObject({
      file: file(),
      app: 'blog',
      repository: { provider: 'github', name: 'acme/blog' },
      stages: { dev: ['main'], prod: ['production', 'release/*'], qa: [] },
    });
  });

  it.each<[string, string[], number, RegExp]>([
    ['no repository, and nobody to ask', ['blog'], 2, /give --github OWNER\/NAME or --codecommit NAME/],
    [
      'two repositories',
      ['blog', '--github', 'a/b', '--codecommit', 'c'],
      2,
      /at one or the other; leave one of them out/,
    ],
    ['a repository without an owner', ['blog', '--github', 'blog'], 2, /--github: "blog" is not OWNER\/NAME/],
    ['what is no repository', ['blog', '--github', 'not a repo'], 2, /--github: "not a repo" is not OWNER\/NAME/],
    ['a name that cannot be one', ['Blog', '--github', 'a/b'], 2, /NAME: "Blog": use lower-case letters/],
    ['a stage that cannot be one', ['blog', '--github', 'a/b', '--stage', 'Dev:main'], 2, /--stage: "Dev"/],
    [
      'a stage for pull requests that is none',
      ['blog', '--github', 'a/b', '--pull-requests', 'x'],
      2,
      /--pull-requests: "blog" has no stage "x"; use one of: dev/,
    ],
    [
      'a misspelt stage for pull requests',
      ['blog', '--github', 'a/b', '--pull-requests', 'dve'],
      2,
      /--pull-requests: "blog" has no stage "dve"; did you mean "dev"\?/,
    ],
    ['an app that is there', ['shop', '--github', 'a/b'], 1, /"apps\.shop" is there already/],
    ['a repository that another app has', ['blog', '--github', 'acme/shop'], 1, /seedbed\.yml.*acme\/shop/],
  ])('ends with its exit code for %s, and writes nothing', async (_, args, exit, message) => {
    writeFileSync(file(), BEFORE);
    const { status, err } = await world().call('app', 'add', ...args);
    expect(err).toMatch(message);
    expect(status).toBe(exit);
    expect(text()).toBe(BEFORE);
  });

  it('says what is wrong with a file that cannot be read', async () => {
    writeFileSync(file(), 'apps: [\n');
    const { status, err } = await world().call(...add);
    expect(status).toBe(1);
    expect(err).toMatch(/seedbed\.yml/);
    expect(err).not.toContain('    at ');
  });
});

describe('seedbed app rm', () => {
  it('takes the app out, and says what is left', async () => {
    writeFileSync(
      file(),
      `${BEFORE}  blog: # second\n    repository: { github: acme/blog }\n    stages: { dev: {} }\n`,
    );
    const { status, out } = await world().call('app', 'rm', 'blog');
    expect(status).toBe(0);
    expect(out).toMatch(/Everything it has deployed stays\. To remove its stages, run "seedbed stage rm"/);
    expect(text()).toBe(BEFORE);
  });

  it.each<[string, string, number, RegExp]>([
    ['an app that is not there', 'shp', 1, /seedbed\.yml has no app "shp"; did you mean "shop"\?/],
    ['an app like no other', 'accounting', 1, /seedbed\.yml has no app "accounting"; use one of: shop/],
    ['a name that cannot be one', 'X', 2, /NAME: "X"/],
  ])('ends with its exit code for %s', async (_, name, exit, message) => {
    writeFileSync(file(), BEFORE);
    const { status, err } = await world().call('app', 'rm', name);
    expect(status).toBe(exit);
    expect(err).toMatch(message);
  });

  it('names the file that is not there', async () => {
    expect((await world().call('app', 'rm', 'shop')).err).toMatch(
      /there is no file .*seedbed\.yml; name it with --config/,
    );
  });
});

describe('seedbed app list', () => {
  it('shows repositories and stages, and the rules for made ones', async () => {
    const rules = {
      pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true },
      branchStages: [{ template: 'dev', branches: ['feature/*'], emptyBuckets: false }],
    };
    const { call, json } = aWorld(registerApp, { apps: [anApp(rules)] });
    expect((await call('app', 'list')).out).toMatch(
      new RegExp(
        'shop +codecommit +shop +dev \\(main, topic/\\*\\), prod \\(main\\), ' +
          'pr-… \\(into main\\), one per branch \\(feature/\\*\\)',
      ),
    );
    expect(await json('app', 'list')).toMatchObject([{ app: 'shop', repository: { name: 'shop' } }]);
  });

  it('says how to connect the first', async () => {
    expect((await aWorld(registerApp, { apps: [] }).call('app', 'list')).out).toMatch(
      /no app is connected yet; .*seedbed app add/,
    );
  });
});

describe('seedbed app doctor', () => {
  it('says what it found and what to do, and ends with 1 if something is wrong', async () => {
    const { call, json, findings } = world();
    findings.push({ check: 'secret', level: 'ok', message: 'it is there' });
    findings.push({ check: 'webhook', level: 'warn', message: 'no secret', fix: 'set one' });
    expect(await call('app', 'doctor')).toMatchObject({
      status: 0,
      out: 'shop  codecommit shop\n✔ secret      it is there\n! webhook     no secret\n              → set one\n',
    });
    findings.push({ check: 'access', level: 'fail', message: '\u001b[2Jrevoked', fix: 'install it again' });
    const { status, out } = await call('app', 'doctor', 'shop');
    expect(status).toBe(1);
    expect(out).toContain('✖ access      revoked\n              → install it again\n');
    expect((await json('app', 'doctor', 'shop')).findings).toHaveLength(3);
  });

  it('ends with 1 for an unknown app, with the nearest', async () => {
    expect(await world().call('app', 'doctor', 'shpo')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/did you mean "shop"\?/),
    });
  });
});

describe('seedbed init', () => {
  const init = ['init', '--app', 'shop', '--github', 'acme/shop', '--stage', 'dev:main'];

  it('writes the first seedbed.yml and says what comes next', async () => {
    const { status, out } = await world().call(...init);
    expect(status).toBe(0);
    expect(out).toMatch(
      /npx cdk bootstrap.*\n.*npx cdk deploy --all\n(.*\n)*.*seedbed deploy --app shop --stage dev\n$/,
    );
    expect(text()).toMatch(/^# What deploys where.*\n(.*\n)*apps:\n {2}shop:\n/);
  });

  it('asks, and takes the app’s name from the repository', async () => {
    const { call, answers } = world();
    answers.push('codecommit:shop', 'shop', 'dev:main');
    expect((await call('init')).status).toBe(0);
    expect(text()).toMatch(/codecommit: shop/);
  });

  it('never overwrites without being told to', async () => {
    writeFileSync(file(), BEFORE);
    const { call, answers } = world();
    expect(await call(...init)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/exists already and was not changed; add an app with/),
    });
    answers.push('no');
    expect((await call(...init)).status).toBe(2);
    expect(text()).toBe(BEFORE);
    answers.push('yes');
    expect((await call(...init)).status).toBe(0);
    expect(text()).not.toBe(BEFORE);
    writeFileSync(file(), BEFORE);
    expect(await world().json(...init, '--yes')).toMatchObject({ app: 'shop' });
    expect(text()).not.toBe(BEFORE);
  });

  describe('writes the project around it:', () => {
    const read = (path: string) => readFileSync(join(directory, path), 'utf8');
    const ALL = ['cdk.json', 'bin/platform.ts', 'README.md', '.gitignore'];

    it('a CDK app of ten lines, its settings, a README and a .gitignore', async () => {
      const { project } = await world().json(...init);
      expect(project).toEqual({ config: 'seedbed.yml', written: ALL, kept: [] });
      expect(read('bin/platform.ts')).toContain("new Seedbed(app, { config: 'seedbed.yml' });");
      expect(read('bin/platform.ts').trimEnd().split('\n')).toHaveLength(9);
      expect(JSON.parse(read('cdk.json')).app).toBe('node --import tsx bin/platform.ts');
      expect(read('.gitignore').split('\n')).toContain('.seedbed/');
    });

    it('with the flags of the CDK that the tests run with', async () => {
      await world().call(...init);
      const ours = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8'));
      expect(JSON.parse(read('cdk.json')).context).toEqual(ours.context);
    });

    it('the app reads the seedbed.yml that was named', async () => {
      mkdirSync(join(directory, 'platform'));
      await world().call(...init, '--config', 'platform/seedbed.yml');
      expect(read('bin/platform.ts')).toContain("{ config: 'platform/seedbed.yml' }");
    });

    it('and never changes a file that exists, not even if seedbed.yml is to be overwritten', async () => {
      writeFileSync(join(directory, 'README.md'), 'ours\n');
      writeFileSync(join(directory, 'cdk.json'), '{ "app": "our own" }\n');
      const { status, out } = await world().call(...init, '--yes');
      expect(status).toBe(0);
      expect(out).toMatch(
        /^wrote \.gitignore\nnot changed, .*: cdk\.json, README\.md\ncdk\.json names another app: .*Seedbed/,
      );
      expect([read('README.md'), read('cdk.json')]).toEqual(['ours\n', '{ "app": "our own" }\n']);
      expect(existsSync(join(directory, 'bin'))).toBe(false);
    });

    it('but not in a checkout of Seedbed, which is a project already', async () => {
      expect(await writeProjectFiles(CHECKOUT, join(CHECKOUT, 'seedbed.yml'))).toMatchObject({ written: [], kept: [] });
    });

    it('also for a seedbed.yml that exists, which stays as it is', async () => {
      writeFileSync(file(), BEFORE);
      const { status, err } = await world().call(...init);
      expect({ status, text: text() }).toEqual({ status: 2, text: BEFORE });
      expect(err).toMatch(/^wrote cdk\.json, bin\/platform\.ts, README\.md, \.gitignore\n/);
      expect(await world().json(...init, '--yes')).toMatchObject({ project: { written: [], kept: ALL } });
    });

    it('with its name as TypeScript has it, whatever it is called', async () => {
      await world().call(...init, '--config', "it's.yml");
      expect(read('bin/platform.ts')).toContain("{ config: 'it\\'s.yml' }");
    });

    it('and before seedbed.yml: where that cannot be, init says why, and can be called again', async () => {
      writeFileSync(join(directory, 'bin'), 'a file');
      expect(await world().call(...init)).toMatchObject({
        status: 2,
        err: expect.stringMatching(/bin\/platform\.ts cannot be written: part of its path is a file/),
      });
      expect(existsSync(file())).toBe(false);
      rmSync(join(directory, 'bin'));
      expect((await world().call(...init)).status).toBe(0);
    });
  });

  it.each([
    [
      'in a directory that does not exist',
      ['--config', 'nowhere/seedbed.yml'],
      /nowhere\/seedbed\.yml cannot be written: its directory/,
    ],
    ['with a name that cannot be one', ['--app', 'my shop'], /--app: "my shop"/],
    ['with a stage that is given twice', ['--stage', 'dev:other'], /--stage: "dev" is given twice/],
  ])('refuses a file %s, with what to do', async (_, more, message) => {
    expect(await world().call(...init, ...more)).toMatchObject({ status: 2, err: expect.stringMatching(message) });
    expect(existsSync(file())).toBe(false);
  });

  it('does not speak of a push where no branch deploys', async () => {
    const { out } = await world().call('init', '--app', 'shop', '--github', 'acme/shop', '--stage', 'dev');
    expect(out).toMatch(/no branch deploys; release by hand with:\n.*--stage dev\n$/);
  });
});
