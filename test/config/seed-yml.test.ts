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

  it('refuses keys that have no effect yet, so that nobody relies on them', () => {
    const text = 'after_deploy:\n  - npm run migrate\nshift: { type: AllAtOnce }\n';
    expect(problemsOf(text)).toContain('seed.yml, line 1: "after_deploy" has no effect yet');
    expect(problemsOf(text)).toContain('seed.yml, line 3: "shift" has no effect yet');
    expect(parseSeedYml('after_deploy: []\n')).toEqual(parseSeedYml(''));
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
        'seed.yml, line 1: check_code_change is "perhaps"; write true or false',
        'seed.yml, line 5: before_build[1] is 7; write a list of commands, such as "- npm run generate"',
        'seed.yml, line 2: services is "api"; write a list of directories, such as "- services/api"',
      ],
    );
  });

  it('refuses a file that holds no keys at all', () => {
    expect(problemsOf('- a\n- b\n')).toBe('seed.yml: the file holds ["a","b"]; write keys such as "before_build:"');
  });
});
