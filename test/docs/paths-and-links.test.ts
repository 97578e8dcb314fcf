import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import picomatch from 'picomatch';
import { anchorsOf, codeSpans, documents, linksOf, ROOT } from './markdown';

/** The folders whose paths documents name: what begins otherwise is a key, a parameter or somebody's service. */
const ROOMS = ['.ci', '.github', 'bench', 'bin', 'buildspec', 'docs', 'examples', 'lambdas', 'lib', 'test'];
/** Names of a team's files, which look like ours. */
const NOT_OURS = ['serverless.ts', 'bin/platform.ts'];
const filesIn = (room: string): readonly string[] =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`);
const all = [...readdirSync(ROOT), ...ROOMS.flatMap(filesIn)].filter((path) => !path.includes('node_modules'));

/** Whether it is the path of a file or folder of the repository, or the bare name of a source file. */
const isOurs = (code: string): boolean =>
  !NOT_OURS.includes(code) &&
  (ROOMS.some((room) => code.startsWith(`${room}/`)) || /^[\w.<>*-]+\.(ts|py|cjs)$/.test(code));

/** Whether there is such a file or folder; `<step>` and `*` stand for anything within a name. */
function exists(code: string): boolean {
  const path = code.replace(/\/$/, '').replace(/#.*$/, '');
  const matches = picomatch(path.replace(/<[^>]+>/g, '*'), { dot: true });
  return all.some((one) => matches(path.includes('/') ? one : basename(one)));
}

describe.each(documents())('$path', ({ path, text }) => {
  it('names only files and folders that are there', () => {
    expect(codeSpans(text).filter((code) => isOurs(code) && !exists(code))).toEqual([]);
  });

  it('links only to files and headings that are there', () => {
    const broken = linksOf(text).filter((link) => {
      if (/^(https?|mailto):/.test(link)) return false;
      const [file, anchor] = link.split('#') as [string, string?];
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(join(ROOT, target), 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('a path in a document', () => {
  it.each([
    ['lib/core/plan/plan.ts', true],
    ['lib/core/plan', true],
    ['lib/core/plan/', true],
    ['lambdas/<step>/workers.ts', true],
    ['test/e2e/reliability-*.test.ts', true],
    ['docs/operations.md#by-what-you-see', true],
    ['launcher.py', true],
    ['lambdas/<step>/function.ts', false],
    ['lib/core/plan/no-such-file.ts', false],
    ['no-such-file.ts', false],
  ])('%s: is there: %s', (code, there) => {
    expect([isOurs(code), exists(code)]).toEqual([true, there]);
  });

  it.each(['bundles/<app>/*', 'serverless.ts', 'services/catalog', 'seed.yml'])('%s is none of ours', (code) => {
    expect(isOurs(code)).toBe(false);
  });
});
