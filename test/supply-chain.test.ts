import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const ROOMS = ['bench', 'buildspec', 'examples', 'lib', 'test'];
const files = [
  ...readdirSync(ROOT),
  ...ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
  ),
].filter((path) => !path.includes('node_modules'));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Locked {
  readonly integrity?: string;
  /** It lies in the archive of the package above it, whose hash covers it. */
  readonly inBundle?: boolean;
}

describe('what is run on is what was locked', () => {
  const locks = files.filter((path) => /(^|\/)package-lock\.json$/.test(path));
  const requirements = files.filter((path) => /(^|\/)requirements\.txt$/.test(path));

  it.each(locks)('each package of %s has the hash of its archive', (path) => {
    const { packages } = JSON.parse(read(path)) as { packages: Record<string, Locked> };
    const { '': _itself, ...others } = packages;
    expect(Object.keys(others).length).toBeGreaterThan(10);
    const without = Object.entries(others).filter(([, { integrity, inBundle }]) => !inBundle && !integrity);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it.each(requirements)('each package of %s has one version and the hashes of its archives', (path) => {
    const packages = read(path)
      .split(/\n(?=\S)/)
      .filter((text) => !text.startsWith('#'));
    expect(packages.length).toBeGreaterThan(5);
    const form = /^[a-z0-9-]+==\S+( ; [^\\]+)?( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n?$/;
    expect(packages.filter((text) => !form.test(text))).toEqual([]);
  });

  it.each(requirements)('%s holds what its requirements.in asks for, in that version', (path) => {
    const asked = read(path.replace(/txt$/, 'in'))
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(asked.length).toBeGreaterThan(0);
    const made = read(path).split('\n');
    const without = asked.filter((line) => !made.includes(`${line.replace(/\[.+\]/, '')} \\`));
    expect(without).toEqual([]);
  });

  it('no script of a package runs when packages are installed', () => {
    expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
  });

  it('each action of the workflows is named by its commit', () => {
    const used = readdirSync(join(ROOT, '.github/workflows')).flatMap((name) =>
      [...read(`.github/workflows/${name}`).matchAll(/uses: (.+)/g)].map(([, action]) => action!),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
  });
});
