import { tellDeployHooks } from '../../../lib/core/build/deploy-hooks';

describe('plug-ins that act when the framework deploys', () => {
  it.each([
    'before:deploy:deploy',
    'deploy:deploy',
    'after:deploy:finalize',
    'after:aws:deploy:deploy:updateStack',
    'aws:deploy:finalize:cleanup',
    'before:remove:remove',
    'after:aws:remove:remove',
  ])('are named with what they miss: %s', (event) => {
    expect(tellDeployHooks({ './upload-site.js': ['before:package:finalize', event] })).toEqual([
      `plug-in "./upload-site.js" does not run at ${event}, since Seedbed deploys by itself; write it as a command under ` +
        '"before_deploy" or "after_deploy" (at removal "before_remove") in seed.yml',
    ]);
  });

  it.each([
    'before:package:createDeploymentArtifacts',
    'before:deploy:function:packageFunction',
    'after:package:finalize',
    'aws:package:finalize:mergeCustomProviderResources',
    'offline:start',
    'before:deployment:deploy',
  ])('miss nothing at what Seedbed runs or nobody asks for: %s', (event) => {
    expect(tellDeployHooks({ 'serverless-esbuild': [event] })).toEqual([]);
  });

  it('are told what to write instead where that is known, and not at all where nothing is lost', () => {
    const [prune, domain, protection] = tellDeployHooks({
      'serverless-prune-plugin': ['after:deploy:deploy'],
      'serverless-domain-manager': ['after:deploy:deploy', 'before:remove:remove'],
      'serverless-stack-termination-protection': ['after:deploy:deploy'],
      'serverless-step-functions': ['after:deploy:deploy'],
    });
    expect(prune).toContain('Seedbed deletes the versions that nothing needs any more; remove the plug-in');
    expect(domain).toContain('make domain and mapping under "resources"');
    expect(protection).toContain('write "deletionProtection" under "provider"');
  });
});
