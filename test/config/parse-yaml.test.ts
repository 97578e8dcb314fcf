import { parseYaml } from '../../lib/config/parse-yaml';
import { processorTime } from '../processor-time';

const parse = (text: string) => parseYaml({ name: 'api/serverless.yml', text });
const messageOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ConfigInvalid' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('parseYaml', () => {
  it('reads merge keys and the short forms of CloudFormation', () => {
    expect(parse('base: &b { a: 1 }\nuse:\n  <<: *b\n  role: !Ref Role\n')).toMatchObject({
      use: { a: 1, role: 'Role' },
    });
  });

  it('refuses tags in a file that nobody else reads, with the line and what to write', () => {
    const own = (text: string) => () => parseYaml({ name: 'seedbed.yml', text }, 'none');
    expect(own('apps:\n  image: !Ref Image\n')).toThrow(
      'seedbed.yml, line 2: the tag "!Ref" means nothing here; write the value itself, in quotes if it begins with "!"',
    );
    expect(own('a: !Sub "${x}"\nb: [!GetAtt a.b]\n')).toThrow(/line 1: the tag "!Sub".*\n.*line 2: the tag "!GetAtt"/);
    expect(own('image: "!Ref"\nnumber: !!str 7\n')()).toEqual({ image: '!Ref', number: '7' });
  });

  it('gives undefined for an empty file', () => {
    expect(parse('# only a comment')).toBeUndefined();
  });

  it('names file, line and column of invalid YAML', () => {
    expect(messageOf('service: a\nprovider:\n  name: aws\n bad: {\n')).toMatch(
      /^api\/serverless\.yml, line 4, column \d+: /,
    );
  });

  it('names a key that is written twice', () => {
    expect(messageOf('functions: {}\nfunctions: {}\n')).toMatch(/line 2, .*keys must be unique/i);
  });

  it('refuses a file whose aliases would fill the memory', () => {
    const levels = 'bcdefghij'.split('').map((name, index) => {
      const before = String.fromCharCode('a'.charCodeAt(0) + index);
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
    });
    expect(messageOf(['a: &a [x, x, x]', ...levels].join('\n'))).toContain('write out what its aliases repeat');
  });

  it.each([
    ['of 10 MB', 'a: "'.padEnd(10_000_000, 'x'), /it has 10000000 characters, more than 5000000/],
    ['of lists in lists', '['.repeat(100_000), /more than 200 deep/],
    ['of maps in maps', '{a: '.repeat(100_000), /more than 200 deep/],
    ['of lists that begin on one line', `${'- '.repeat(50_000)}x`, /more than 200 deep/],
    [
      'of lines that are each further in',
      Array.from({ length: 1300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      /more than 200 deep/,
    ],
  ])('refuses a file %s, at once', async (_, text, message) => {
    const { result, milliseconds } = await processorTime(() => messageOf(text));
    expect(result).toMatch(message);
    expect(milliseconds).toBeLessThan(1000);
  });
});
