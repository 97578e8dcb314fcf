import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseApp, chooseStage } from '../../../lib/cli/ask/choose-stage';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { memoryStages } from '../../../lib/memory/memory-stages';
import { anApp } from '../../memory-platform';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'seedbed-clone-'));
  execFileSync('git', ['init', '--quiet', directory]);
  execFileSync('git', ['-C', directory, 'remote', 'add', 'origin', 'git@github.com:Acme/Blog.git']);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const github = (app: string, name: string) => anApp({ app, repository: { provider: 'github', name } });
const told: string[] = [];
const world = (where: string) => ({ directory: where, tell: (line: string) => told.push(line) });
const apps = (...all: ReturnType<typeof anApp>[]) => ({ apps: memoryApps(all), stages: memoryStages() });
beforeEach(() => {
  told.length = 0;
});

it('takes the only app, and says so', async () => {
  expect(await chooseApp(apps(anApp()), {}, world('/'))).toMatchObject({ app: 'shop' });
  expect(told).toEqual(['app "shop", the only one']);
});

it('takes the app whose repository the directory is a clone of', async () => {
  const some = apps(anApp(), github('blog', 'acme/blog'));
  expect(await chooseApp(some, {}, world(directory))).toMatchObject({ app: 'blog' });
  expect(told).toEqual([
    expect.stringMatching(/^app "blog", since this directory is a clone of its repository Acme\/Blog$/),
  ]);
});

it('has the app named where several could be meant', async () => {
  const some = apps(anApp(), github('blog', 'acme/blog'));
  await expect(chooseApp(some, {}, world('/'))).rejects.toThrow('name the app with --app: blog, shop');
  await expect(chooseApp(apps(anApp(), github('x', 'a/x')), {}, world(directory))).rejects.toThrow(/name the app/);
});

it('takes the only stage, and says so', async () => {
  const { dev } = anApp().stages;
  const chosen = await chooseStage(apps(anApp({ stages: { dev: dev! } })), { app: 'shop' }, world('/'));
  expect(chosen.stage).toBe('dev');
  expect(told).toEqual(['stage "dev", the only one of "shop"']);
});
