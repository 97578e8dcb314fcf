import { doctor } from '../../../lambdas/trigger/doctor';
import { codeCommitDiagnose } from '../../../lib/aws/source/codecommit-diagnose';
import { ok } from '../../../lib/core/contracts/diagnosis';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { memorySource } from '../../../lib/memory/memory-source';
import { anApp } from '../../memory-platform';

describe('doctor', () => {
  const apps = memoryApps([anApp()]);

  it('looks at the app that is named', async () => {
    const run = doctor({ apps, diagnose: async ({ app }) => [ok('repository', `looked at ${app}`)] });
    expect(await run({ app: 'shop' })).toEqual({
      app: 'shop',
      repository: { provider: 'codecommit', name: 'shop' },
      findings: [{ check: 'repository', level: 'ok', message: 'looked at shop' }],
    });
  });

  it('names the apps that there are if there is none of that name', async () => {
    const run = doctor({ apps, diagnose: async () => [] });
    await expect(run({ app: 'shoe' })).rejects.toMatchObject({
      code: 'AppNotFound',
      message: expect.stringContaining('shop'),
    });
  });
});

describe('the diagnosis of an app on CodeCommit', () => {
  const diagnose = (branches: Record<string, string>, name = 'shop') =>
    codeCommitDiagnose(memorySource({ [name]: { branches, commits: {} } }), anApp());

  it('finds repository and branches', async () => {
    expect(await diagnose({ main: 'c' })).toEqual([
      { check: 'repository', level: 'ok', message: '"shop" can be read' },
      { check: 'branches', level: 'ok', message: 'there are main' },
    ]);
  });

  it('names branches that are missing', async () => {
    const findings = await diagnose({ trunk: 'c' });
    expect(findings.filter(({ level }) => level === 'warn')).toHaveLength(2); // dev and prod deploy main
  });

  it('says that the repository is not there', async () => {
    expect(await diagnose({}, 'other')).toMatchObject([{ check: 'repository', level: 'fail' }]);
  });
});
