import { start } from '../../../lambdas/trigger/start';
import { COMMIT } from '../../builders';
import { memoryPlatform } from '../../memory-platform';

const REQUEST = { app: 'shop', stage: 'dev', branch: 'main', requestId: 'request-1' };

/** Whose commit has these files. */
function withFiles(files: Record<string, string>) {
  const platform = memoryPlatform();
  platform.repository.commits[COMMIT] = files;
  return platform;
}

describe('start', () => {
  it('releases the head of a branch', async () => {
    const platform = memoryPlatform();
    const { releaseId, status } = await start(platform)({ ...REQUEST, force: true, by: 'ada' });
    expect(status).toBe('running');
    expect(await platform.releases.find({ app: 'shop', stage: 'dev', id: releaseId })).toMatchObject({
      release: { commit: COMMIT, branch: 'main', force: true, trigger: { type: 'manual', id: 'request-1', by: 'ada' } },
    });
  });

  it('releases a commit, whatever the branches point at', async () => {
    const platform = memoryPlatform();
    delete platform.branches.main;
    const { branch: _, ...request } = REQUEST;
    const { releaseId } = await start(platform)({ ...request, commit: COMMIT });
    expect(await platform.releases.find({ app: 'shop', stage: 'dev', id: releaseId })).toMatchObject({
      release: { commit: COMMIT },
    });
  });

  it('answers the same release to the same request', async () => {
    const platform = memoryPlatform();
    const first = await start(platform)(REQUEST);
    expect(await start(platform)(REQUEST)).toEqual({ releaseId: first.releaseId, status: 'duplicate' });
  });

  it.each([
    ['an unknown app', { app: 'shopp' }, 'AppNotFound', 'there is no app "shopp"; did you mean "shop"?'],
    [
      'an unknown stage',
      { stage: 'qa' },
      'StageNotFound',
      'app "shop" has no stage "qa"; add it to seedbed.yml, or use one of: dev, prod',
    ],
    ['an unknown branch', { branch: 'nowhere' }, 'BranchNotFound', 'has no branch "nowhere"'],
    ['an unknown commit', { commit: 'c'.repeat(40) }, 'CommitNotFound', 'c'.repeat(40)],
  ])('refuses %s and starts nothing', async (_, wrong, code, message) => {
    const platform = memoryPlatform();
    await expect(start(platform)({ ...REQUEST, ...wrong })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(platform.executions.started).toEqual([]);
  });

  it('refuses a request without commit and branch', async () => {
    await expect(start(memoryPlatform())({ ...REQUEST, branch: undefined })).rejects.toThrow(
      'give a commit, a branch or a tag',
    );
  });

  describe('of some services', () => {
    const REPOSITORY = { 'api/serverless.yml': '', 'web/serverless.ts': '', 'serverless.json': '', 'docs/a.md': '' };

    it('begins where the commit has them, whatever their configuration is called', async () => {
      const platform = withFiles(REPOSITORY);
      const { status } = await start(platform)({ ...REQUEST, services: ['api', 'web', '.'] });
      expect(status).toBe('running');
    });

    it('starts one of SAM, found by its template or named in seed.yml', async () => {
      const platform = withFiles({
        ...REPOSITORY,
        'mail/template.yml': 'Transform: AWS::Serverless-2016-10-31',
        'pay/samconfig.toml': '',
        'seed.yml': 'kinds: { pay: sam }',
      });
      expect(await start(platform)({ ...REQUEST, services: ['api', 'mail', 'pay'] })).toMatchObject({
        status: 'running',
      });
    });

    it.each([
      ['one that is not there', REPOSITORY, 'wbe', 'the commit has no service "wbe"; did you mean "web"?'],
      [
        'a directory without a service',
        REPOSITORY,
        'docs',
        'the commit has no service "docs"; use one of: ., api, web',
      ],
      [
        'one that seed.yml does not list',
        { ...REPOSITORY, 'seed.yml': 'services: [./api]' },
        'web',
        'the commit has no service "web"; use one of: api',
      ],
      [
        'a template that is none of SAM',
        { ...REPOSITORY, 'infra/template.yaml': 'Resources: {}' },
        'infra',
        'the commit has no service "infra"; use one of: ., api, web',
      ],
    ])('is refused for %s, before there is a release', async (_, files, service, message) => {
      const platform = withFiles(files);
      await expect(start(platform)({ ...REQUEST, services: ['api', service] })).rejects.toMatchObject({
        code: 'ServiceNotFound',
        message,
      });
      expect(platform.executions.started).toEqual([]);
      expect(await platform.releases.latest({ app: 'shop', stage: 'dev' }, 5)).toEqual([]);
    });
  });
});
