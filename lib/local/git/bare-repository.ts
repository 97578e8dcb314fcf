import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git';

/**
 * Makes a bare git repository that takes pushes by HTTP and by path, with a hook that reports them to the gateway.
 * @param told the gateway's URL, to which the hook posts what a push moved
 */
export async function makeBareRepository(directory: string, told: URL): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  await git(directory, ['config', 'http.receivepack', 'true']);
  const { hostname, port, pathname } = told;
  const hook = ['bash', join(__dirname, 'post-receive.sh'), hostname, port, pathname].map(quoted).join(' ');
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'post-receive'), `#!/bin/sh\nexec ${hook}\n`, { mode: 0o755 });
}

/** @returns whether a file or directory exists. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
