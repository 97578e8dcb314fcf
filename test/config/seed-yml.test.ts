import { parseSeedYml } from '../../lib/config/seed-yml';

const problemsOf = (text: string): string => {
  try {
    parseSeedYml(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ConfigInvalid' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('parseSeedYml', () => {
  it('takes an empty file for every default', () => {
    expect(parseSeedYml('')).toEqual(parseSeedYml('# nothing\n'));
    expect(parseSeedYml('')).toMatchObject({ check_code_change: true, before_compile: [], after_deploy: [] });
  });

  it('reads the keys of Seed and our own', () => {
    const text = [
      'check_code_change: false',
      'before_compile:',
      '  - npm run generate',
      'before_build: [echo $SEED_STAGE_NAME]',
      'services: [services/api, .]',
      'phases: [[services/api], [.]]',
    ].join('\n');
    expect(parseSeedYml(text)).toMatchObject({
      check_code_change: false,
      before_compile: ['npm run generate'],
      before_build: ['echo $SEED_STAGE_NAME'],
      services: ['services/api', '.'],
      phases: [['services/api'], ['.']],
    });
  });

  it('reads the hooks, and how long each may take', () => {
    const text = 'before_deploy: [npm run migrate]\nafter_all:\n  - npm run smoke\nhook_timeout: 5\n';
    expect(parseSeedYml(text)).toMatchObject({
      before_deploy: ['npm run migrate'],
      after_deploy: [],
      after_all: ['npm run smoke'],
      hook_timeout: 5,
    });
    expect(parseSeedYml('').hook_timeout).toBe(30);
    for (const wrong of ['0', '51', '1.5', 'long']) {
      expect(problemsOf(`\nhook_timeout: ${wrong}`)).toMatch(
        /^seed\.yml, line 2: "hook_timeout" is .*; write a whole number of minutes from 1 to 50$/,
      );
    }
  });

  it('reads the order of services, and how many deploy at once', () => {
    const text = 'deploy_after:\n  services/web: [services/api]\nparallel: 5\nchanges: workspaces\n';
    expect(parseSeedYml(text)).toMatchObject({
      deploy_after: { 'services/web': ['services/api'] },
      parallel: 5,
      changes: 'workspaces',
    });
    expect(parseSeedYml('')).toMatchObject({ parallel: 40, changes: 'directories' });
    expect(problemsOf('deploy_after: [web]\nparallel: 41\nchanges: paths').split('\n')).toEqual([
      'seed.yml, line 1: "deploy_after" is ["web"]; write a map of services to lists of services, such as ' +
        '"services/web: [services/api]"',
      'seed.yml, line 2: "parallel" is 41; write a whole number from 1 to 40',
      'seed.yml, line 3: "changes" is "paths"; write directories, workspaces or files',
    ]);
  });

  it('refuses two keys that both say the order', () => {
    expect(problemsOf('phases: [[api]]\ndeploy_after: { web: [api] }')).toBe(
      'seed.yml, line 2: "deploy_after" and "phases" both say the order; keep one of the two',
    );
  });

  it('reads how traffic moves, for all services and for some', () => {
    const text = [
      'shift:',
      '  type: Canary10Percent5Minutes',
      '  unit: function',
      '  services:',
      '    ./services/api/: { linear: { percent: 20, minutes: 3 } }',
    ].join('\n');
    expect(parseSeedYml(text).shift).toMatchObject({
      all: { shift: { shift: { kind: 'canary', percent: 10, minutes: 5 } }, unit: 'function' },
      services: { 'services/api': { shift: { shift: { kind: 'linear', percent: 20, minutes: 3 } } } },
    });
    expect(parseSeedYml('shift:\n')).toEqual(parseSeedYml(''));
  });

  it('names what is wrong with how traffic is to move, each with its line', () => {
    const text = [
      'shift:',
      '  type: Canary10Percent',
      '  hookTimeout: 0',
      '  services:',
      '    /api: {}',
      '    web: { unit: all, typ: AllAtOnce }',
    ].join('\n');
    expect(problemsOf(text).split('\n')).toEqual([
      expect.stringMatching(/^seed\.yml, line 2: "shift\.type" is "Canary10Percent", which is not a type of shift; /),
      'seed.yml, line 3: "shift.hookTimeout" is 0; write a whole number of seconds from 1 to 900',
      'seed.yml, line 5: "shift.services./api" is not a valid name; write the path of a directory in the repository',
      'seed.yml, line 6: "shift.services.web.unit" is "all"; write service or function',
      'seed.yml, line 6: unknown key "shift.services.web.typ"; did you mean "type"?',
    ]);
    expect(problemsOf('shift: fast')).toBe(
      'seed.yml, line 1: "shift" is "fast"; write a map of settings, such as "type: Canary10Percent5Minutes"',
    );
    expect(problemsOf('shift: { services: [web] }')).toBe(
      'seed.yml, line 1: "shift.services" is ["web"]; write a map of settings by service',
    );
  });

  it('tells what is wrong with a shift together with all else', () => {
    expect(problemsOf('parallel: 0\nshift:\n  unit: all\n').split('\n')).toEqual([
      'seed.yml, line 1: "parallel" is 0; write a whole number from 1 to 40',
      'seed.yml, line 3: "shift.unit" is "all"; write service or function',
    ]);
  });

  it('takes a key without a value for one that is left out', () => {
    expect(parseSeedYml('before_build:\nservices:\n')).toEqual(parseSeedYml(''));
  });

  it('names an unknown key, its line and the key that was meant', () => {
    expect(problemsOf('check_code_change: true\nbefore_biuld:\n  - x\n')).toBe(
      'seed.yml, line 2: unknown key "before_biuld"; did you mean "before_build"?',
    );
  });

  it('lists the known keys if none is near', () => {
    expect(problemsOf('wibbledywobble: 1')).toContain('known keys: check_code_change, before_compile');
  });

  it('reports all problems at once, each with line, key and value', () => {
    expect(problemsOf('check_code_change: perhaps\nservices: api\nbefore_build:\n  - ok\n  - 7\n').split('\n')).toEqual(
      [
        'seed.yml, line 1: "check_code_change" is "perhaps"; write true or false',
        'seed.yml, line 5: "before_build[1]" is 7; write a list of commands, such as "- npm run generate"',
        'seed.yml, line 2: "services" is "api"; write a list of directories, such as "- services/api"',
      ],
    );
  });

  it('refuses a file that holds no keys at all', () => {
    expect(problemsOf('- a\n- b\n')).toBe('seed.yml: the file holds ["a","b"]; write keys such as "before_build:"');
  });
});

describe('kinds of services', () => {
  it('are given by directory', () => {
    expect(parseSeedYml('kinds: { services/api: sam }').kinds).toEqual({ 'services/api': 'sam' });
  });

  it.each(['kinds: { api: cdk }', 'kinds: [sam]', 'kinds: sam'])('are none that there are: %s', (text) => {
    expect(problemsOf(text)).toMatch(
      /^seed\.yml, line 1: "kinds.* is .*; write a map of directories to serverless or sam/,
    );
  });
});
