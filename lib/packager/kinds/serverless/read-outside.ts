import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { namedOutside, type OutsideFiles, outsideFiles } from '../../../core/plan/outside-files';
import { serviceDirectory, type Workspace } from '../../workspace';
import type { BundleFile } from '../kind';
import { findTsconfigs } from './find-tsconfigs';
import type { FrameworkOutput } from './run-serverless';
import type { ServiceConfig } from './service-config';

/**
 * @param files of the package, among them prebuilt ones of the repository
 * @returns the files of the repository outside of the service's directory that its configuration and its bundles were
 *   made of, as far as they were seen: links are followed to what they lead to
 */
export async function readOutside(
  workspace: Workspace,
  { record }: Pick<FrameworkOutput, 'record'>,
  { config, files }: { readonly config: ServiceConfig; readonly files: readonly BundleFile[] },
): Promise<OutsideFiles> {
  const { root, service } = workspace;
  const settings = record.unseen === undefined ? [] : await findTsconfigs(record.reads, root);
  const all = [...record.reads, ...settings, ...files.map(({ file }) => file)];
  const read = all.filter((path) => path.startsWith(`${root}/`));
  const real = await withoutLinks([...new Set(read)], root);
  const inRepository = real.filter((path) => path.startsWith(`${root}/`));
  const paths = inRepository.map((path) => path.slice(root.length + 1) || './');
  // A framework that leaves no record (Serverless 4) shows no more than its configuration names.
  const named = record.reads.length > 0 ? [] : namedOutside(config.value, service);
  const inDirectory = relative(root, await realpath(serviceDirectory(workspace)));
  // A service may be reached by a link, too: then its own files lie where that leads.
  const isOwn = (path: string) => inDirectory !== '' && path.startsWith(`${inDirectory}/`);
  return outsideFiles([...paths.filter((path) => !isOwn(path)), ...named], service);
}

/** Asks once for each directory, not for each of its files. */
async function withoutLinks(paths: readonly string[], root: string): Promise<readonly string[]> {
  const directories = new Map<string, Promise<{ readonly path: string; readonly links: ReadonlySet<string> }>>();
  const find = async (directory: string) => {
    const [path, entries] = await Promise.all([
      realpath(directory).catch(() => directory),
      readdir(directory, { withFileTypes: true }).catch(() => []),
    ]);
    const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
    return { path, links: new Set(links) };
  };
  const all = paths.map(async (path) => {
    const directory = dirname(path);
    const known = directories.get(directory) ?? find(directory);
    directories.set(directory, known);
    const { path: real, links } = await known;
    const name = basename(path);
    // A directory with all that is in it.
    if (path.endsWith('/')) return [`${await realpath(path).catch(() => join(real, name))}/`];
    const there = join(real, name);
    if (!links.has(name)) return [there];
    // What the link leads to, and the link itself, which may come to lead elsewhere.
    const target = await realpath(there).catch(() => there);
    return target.startsWith(`${root}/`) ? [there, target] : [there];
  });
  return (await Promise.all(all)).flat();
}
