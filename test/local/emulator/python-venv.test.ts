import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { ensureVenv, findPython } from '../../../lib/local/emulator/python-venv';
import { PATIENCE } from '../a-cloud';

jest.setTimeout(PATIENCE);

/** A package of Python that has nothing in it. */
function aWheel(): Uint8Array {
  const info = 'seedbed_sample-1.0.dist-info';
  return zipSync({
    [`${info}/METADATA`]: strToU8('Metadata-Version: 2.1\nName: seedbed-sample\nVersion: 1.0\n'),
    [`${info}/WHEEL`]: strToU8('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
    [`${info}/RECORD`]: strToU8(''),
  });
}

describe('the Python of the local cloud', () => {
  const directory = mkdtempSync(join(tmpdir(), 'seedbed-python-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const aPython = (name: string, script: string) => {
    const path = join(directory, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it('is the first that is new enough', async () => {
    const old = aPython('python3', 'echo 3 9 /old/python3');
    const broken = aPython('python', 'exit 127');
    const fine = aPython('python3.12', 'echo 3 12 /new/python3.12');
    expect(await findPython([old, broken, fine])).toBe('/new/python3.12');
  });

  it('is missed with words on what to install', async () => {
    await expect(findPython(['no-such-python'])).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message:
        'the local cloud needs Python 3.10 or newer, and none was found on PATH (tried no-such-python): ' +
        'install it, then start again',
    });
  });

  it('is refused if it is too old, naming its version', async () => {
    const old = aPython('python3', 'echo 3 9 /old/python3');
    await expect(findPython([old])).rejects.toThrow(`only an older one was found (${old} is 3.9)`);
  });

  it('says so when it cannot make environments', async () => {
    const script = 'case " $* " in *" -c "*) echo 3 12 "$0" ;; *) echo "No module named ensurepip" >&2; exit 3 ;; esac';
    const maker = aPython('python3.12', script);
    const making = ensureVenv({ directory: join(directory, 'none'), candidates: [maker] });
    await expect(making).rejects.toThrow(
      /cannot make a virtual environment: install its venv module.*No module named ensurepip/s,
    );
  });

  it('shows what pip said when packages cannot be had', async () => {
    const requirements = join(directory, 'requirements.txt');
    writeFileSync(requirements, 'seedbed-needs-this-and-it-is-nowhere==1.0\n');
    const unreachable = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '2', PIP_CONFIG_FILE: '/dev/null' };
    const making = ensureVenv({
      directory: join(directory, 'venv'),
      requirements,
      env: { ...process.env, ...unreachable, PIP_FIND_LINKS: '' },
    });
    const { message } = await making.then(
      () => new Error('made'),
      (error: Error) => error,
    );
    expect(message).toMatch(/packages could not be installed: check the connection to the package index/);
    expect(message).toContain('seedbed-needs-this-and-it-is-nowhere');
    expect(message.match(/Retrying/g)).toHaveLength(1);
  });

  it('has no package that comes without the hash that was locked', async () => {
    const requirements = join(directory, 'requirements.txt');
    writeFileSync(requirements, 'seedbed-sample==1.0\n');
    writeFileSync(join(directory, 'seedbed_sample-1.0-py3-none-any.whl'), aWheel());
    const making = ensureVenv({
      directory: join(directory, 'unsure'),
      requirements,
      env: { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: directory, PIP_CONFIG_FILE: '/dev/null' },
    });
    await expect(making).rejects.toThrow(/Hashes are required/);
  });

  it('is made once and then found', async () => {
    const requirements = join(directory, 'none.txt');
    writeFileSync(requirements, '# nothing\n');
    const said: string[] = [];
    const options = { directory: join(directory, 'once'), requirements, log: (line: string) => said.push(line) };
    const made = await ensureVenv(options);
    expect(await ensureVenv({ ...options, candidates: [] })).toBe(made);
    expect(said).toHaveLength(1);
  });

  it.each([
    ['was taken away', (directory: string) => rmSync(join(directory, 'bin/python'))],
    [
      'is of another version now',
      (directory: string) => renameSync(join(directory, 'lib'), join(directory, 'lib-old')),
    ],
  ])('is made again when its Python %s', async (_, change) => {
    const requirements = join(directory, 'none.txt');
    writeFileSync(requirements, '# nothing\n');
    const said: string[] = [];
    const options = { directory: join(directory, 'again'), requirements, log: (line: string) => said.push(line) };
    await ensureVenv(options);
    said.length = 0;
    change(options.directory);
    await ensureVenv(options);
    expect(said).toHaveLength(1);
    await ensureVenv({ ...options, candidates: [] });
  });
});
