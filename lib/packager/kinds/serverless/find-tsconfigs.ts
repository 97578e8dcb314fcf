import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Finds what esbuild reads of settings for TypeScript and does not tell: beside each of its inputs, and above, the
 * `tsconfig.json`, and what these extend under any name.
 *
 * @param files absolute paths of inputs
 * @param root of the repository; nothing outside of it is looked for
 * @returns absolute paths in the repository; a directory, with `/` at its end, where not just one file is meant
 */
export async function findTsconfigs(files: readonly string[], root: string): Promise<readonly string[]> {
  const directories = new Set<string>();
  for (const file of files) {
    for (let at = dirname(file); at.startsWith(root) && !directories.has(at); at = dirname(at)) directories.add(at);
  }
  const found = new Set<string>();
  const named = files.filter((file) => /[tj]sconfig[^/]*\.json$/.test(file));
  const queue = [...[...directories].map((directory) => join(directory, 'tsconfig.json')), ...named];
  const known = new Set<string>();
  for (const path of queue) {
    if (known.has(path)) continue;
    known.add(path);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    found.add(path);
    for (const extended of extendedBy(text))
      queue.push(...(await candidates(extended, dirname(path), { root, found })));
  }
  return [...found];
}

/** What `extends` names, a text or a list. It may stand in a comment, too: then a file more is taken to be read. */
const extendedBy = (text: string): readonly string[] =>
  [...text.matchAll(/"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/g)].flatMap(([, value]) =>
    [...value!.matchAll(/"([^"]*)"/g)].map(([, name]) => name!),
  );

async function candidates(
  name: string,
  from: string,
  { root, found }: { readonly root: string; readonly found: Set<string> },
): Promise<readonly string[]> {
  const asFile = (path: string) => [path, `${path}.json`, join(path, 'tsconfig.json')];
  if (/^\.{0,2}\//.test(name) || name === '.' || name === '..') return asFile(resolve(from, name));
  const parts = name.split('/');
  const packageName = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/');
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const directory = join(at, 'node_modules', packageName);
    if (!(await stat(directory).catch(() => undefined))) continue;
    const real = await realpath(directory);
    if (!real.startsWith(`${root}/`) || real.includes('/node_modules/')) return [];
    // A package of the repository: its package.json may name any file of it.
    found.add(`${real}/`);
    return asFile(join(real, ...parts.slice(packageName.split('/').length)));
  }
  return [];
}
