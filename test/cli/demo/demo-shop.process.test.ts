import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepareShop } from '../../../lib/cli/demo/demo-shop';

// Each test runs git many times.
jest.setTimeout(300_000);

let scratch: string;
let remote: string;
const git = (...args: string[]): string => execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' }).trim();

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'seedbed-test-'));
  remote = join(scratch, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', remote]);
  mkdirSync(join(scratch, 'example', 'node_modules', 'x'), { recursive: true });
  writeFileSync(join(scratch, 'example', 'list.ts'), "const HEADLINE = 'Welcome';\n");
  writeFileSync(join(scratch, 'example', 'node_modules', 'x', 'index.js'), '');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const aShop = async () => {
  const connect = await prepareShop({
    example: join(scratch, 'example'),
    directory: join(scratch, 'shop'),
    branch: 'main',
  });
  return connect(pathToFileURL(remote).href);
};

describe('the working copy of the demo', () => {
  it('pushes the example without what is installed or generated', async () => {
    const shop = await aShop();
    const { commit } = await shop.push({ message: 'Open', edits: [] });
    expect(git('rev-parse', 'main')).toBe(commit);
    expect(git('ls-tree', '-r', '--name-only', commit)).toBe('list.ts');
    expect(existsSync(join(shop.directory, 'node_modules'))).toBe(false);
  });

  it('pushes edits as a commit and tells which files they changed', async () => {
    const shop = await aShop();
    await shop.push({ message: 'Open', edits: [] });
    const edit = { file: 'list.ts', find: 'Welcome', replace: 'Spring' };
    const { commit, stat } = await shop.push({ message: 'Greet', edits: [edit] });
    expect(git('show', `${commit}:list.ts`)).toBe("const HEADLINE = 'Spring';");
    expect(git('log', '-1', '--format=%s', commit)).toBe('Greet');
    expect(stat[0]).toMatch(/^list\.ts \| 2 /);
  });

  it('pushes to another branch what was committed there, and leaves the first one alone', async () => {
    const shop = await aShop();
    const { commit: first } = await shop.push({ message: 'Open', edits: [] });
    await shop.switchTo('release');
    const edit = { file: 'list.ts', find: 'Welcome', replace: 'Spring' };
    const { commit } = await shop.push({ message: 'Greet', edits: [edit] });
    expect(git('rev-parse', 'release', 'main')).toBe(`${commit}\n${first}`);
    await shop.switchTo('main');
    expect(readFileSync(join(shop.directory, 'list.ts'), 'utf8')).toContain('Welcome');
    await shop.switchTo('release');
    expect(readFileSync(join(shop.directory, 'list.ts'), 'utf8')).toContain('Spring');
  });

  it('tells what git says when a push fails', async () => {
    const shop = await aShop();
    rmSync(remote, { recursive: true });
    await expect(shop.push({ message: 'Open', edits: [] })).rejects.toMatchObject({ code: 'PushFailed' });
  });
});
