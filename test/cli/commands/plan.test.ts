import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerPlan } from '../../../lib/cli/commands/plan';
import { EXIT, runCommand } from '../../../lib/cli/platform/run-command';

/** Runs `seedbed plan` as the command line does. */
async function plan(...args: string[]) {
  const output = { out: '', err: '' };
  const program = new Command('seedbed').exitOverride().configureOutput({
    getOutHasColors: () => false,
    writeOut: (text) => {
      output.out += text;
    },
    writeErr: (text) => {
      output.err += text;
    },
  });
  registerPlan(program);
  const exit = await runCommand(
    async () => {
      await program.parseAsync(['plan', ...args], { from: 'user' });
      return EXIT.succeeded;
    },
    (text) => {
      output.err += text;
    },
  );
  return { ...output, exit };
}

const json = async (...args: string[]) => {
  const { out, exit } = await plan(...args, '--json');
  expect(exit).toBe(EXIT.succeeded);
  return JSON.parse(out);
};

describe('seedbed plan', () => {
  it('looks into configurations of the current directory for files outside of the services', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plan-'));
    const cwd = jest.spyOn(process, 'cwd').mockReturnValue(directory);
    try {
      mkdirSync(join(directory, 'b'));
      writeFileSync(join(directory, 'b', 'serverless.yml'), "custom: '${file(../a/texts.yml)}'\n");
      const { deploy, skip } = await json('--services', 'a,b,c', '--changed', 'a/texts.yml');
      expect(deploy.map(({ path }: { path: string }) => path)).toEqual(['a', 'b']);
      expect(deploy[1].reasons).toEqual([
        {
          code: 'read-files-changed',
          message: '1 file outside its directory that the service reads changed: a/texts.yml',
        },
      ]);
      expect(skip.map(({ path }: { path: string }) => path)).toEqual(['c']);
    } finally {
      cwd.mockRestore();
      rmSync(directory, { recursive: true });
    }
  });

  it('prints the plan as JSON', async () => {
    expect(await json('--services', 'a,b/c', '--changed', 'a/x.ts')).toEqual({
      deploy: [{ path: 'a', reasons: [{ code: 'files-changed', message: '1 file of the service changed: a/x.ts' }] }],
      skip: [
        {
          path: 'b/c',
          reasons: [
            { code: 'unchanged', message: 'nothing that concerns the service changed since it was last deployed' },
          ],
        },
      ],
    });
  });

  it('prints a table without colours where there is no terminal', async () => {
    const { out, exit } = await plan('--services', 'a,a/b', '--changed', 'a/b/x,README.md');
    expect(exit).toBe(EXIT.succeeded);
    expect(out.split('\n')).toEqual([
      'deploy  a    1 file of no service changed: README.md',
      'deploy  a/b  1 file of the service changed: a/b/x',
      '             1 file of no service changed: README.md',
      '',
    ]);
  });

  it('takes paths however they are written', async () => {
    const { deploy, skip } = await json('--services', './a/, b//c ,a', '--changed', './a/my file.ts,,');
    expect([deploy, skip].map((services) => services.map(({ path }: { path: string }) => path))).toEqual([
      ['a'],
      ['b/c'],
    ]);
  });

  it.each(['a,b', 'a'])('skips every service of %s when nothing changed', async (services) => {
    expect((await json('--services', services, '--changed', '')).deploy).toEqual([]);
  });

  it.each([[['--single']], [['--single', '--services', 'api']], [['--services', 'api', '--changed', 'README.md']]])(
    'deploys a single service whatever changed: %j',
    async (args) => {
      const { deploy, skip } = await json(...args);
      expect(deploy).toHaveLength(1);
      expect(deploy[0].reasons[0].code).toBe('only-service');
      expect(skip).toEqual([]);
    },
  );

  it.each<[string, string[], RegExp]>([
    ['no services', ['--changed', 'x'], /give the directories of the services: --services/],
    ['an empty list of services', ['--services', ',', '--changed', 'x'], /give the directories of the services/],
    ['no changed files', ['--services', 'a,b'], /give the changed files: --changed/],
    [
      'a service outside the repository',
      ['--services', '../a', '--changed', 'x'],
      /--services: "\.\.\/a" is not a directory/,
    ],
    [
      'a file outside the repository',
      ['--services', 'a,b', '--changed', '/etc/x'],
      /--changed: "\/etc\/x" is not a file/,
    ],
    ['--single with several services', ['--services', 'a,b', '--single'], /--single is for one service/],
    ['an unknown option', ['--servce', 'a'], /unknown option '--servce'/],
  ])('exits 2 for %s', async (_, args, message) => {
    const { exit, err, out } = await plan(...args);
    expect(exit).toBe(EXIT.usage);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it('helps with an example', async () => {
    const { out, exit } = await plan('--help');
    expect(exit).toBe(EXIT.succeeded);
    expect(out).toMatch(/Example:\n.*\n {2}\$ seedbed plan --services \S+ --changed \S+\n/s);
  });
});
