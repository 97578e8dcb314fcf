import { open } from 'node:fs/promises';
import { relative } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import { serviceFunctions, serviceLayers } from '../../../core/shift/service-functions';
import { configLines } from '../../config-lines';
import type { BundleFile } from '../kind';
import type { FrameworkOutput } from './run-serverless';

/** APPNOTE.TXT of PKWARE, sections 4.3.7 and 4.3.16: how a zip begins, and one with nothing in it. */
const ZIP = 'PK\u0003\u0004';
const EMPTY_ZIP = 'PK\u0005\u0006';

/** Where a service lies, and what its configuration file is called in messages. */
interface ServicePlace {
  readonly root: string;
  readonly directory: string;
  readonly file: string;
}

/**
 * Refuses what Lambda would refuse: code that is no zip, or an empty one. The framework itself makes neither, so it is
 * a `package.artifact` of the configuration.
 *
 * @throws ReleaseError `PackageFailed` with all such files, each with its key and what to do
 */
export async function refuseNoZip(
  files: readonly BundleFile[],
  { state, template }: Pick<FrameworkOutput, 'state' | 'template'>,
  { root, directory, file }: ServicePlace,
): Promise<void> {
  const wrong: { readonly bundle: BundleFile; readonly is: string }[] = [];
  for (const bundle of files) {
    if (bundle.kind === 'asset') continue;
    const start = await firstBytes(bundle.file);
    if (start !== ZIP) wrong.push({ bundle, is: start === EMPTY_ZIP ? 'has nothing in it' : 'is no zip file' });
  }
  if (wrong.length === 0) return;
  const lines = await configLines(root, file);
  const functions = serviceFunctions(state.service.functions, template).map((one) => ({ ...one, in: 'functions' }));
  const layers = serviceLayers(state.service.layers, template).map((one) => ({ ...one, in: 'layers' }));
  const problems = wrong.map(({ bundle, is }) => {
    const holder = [...functions, ...layers].find(({ logicalId }) => logicalId === bundle.logicalId);
    const place = holder === undefined ? '' : lines([holder.in, holder.key, 'package', 'artifact']);
    const what = holder === undefined ? `the code of ${bundle.logicalId}` : `"package.artifact" of "${holder.key}"`;
    return (
      `${file}${place}: ${what} is ${relative(directory, bundle.file)}, which ${is}; name a zip that holds the code ` +
      '(a build has only what is committed, or what "before_build" of seed.yml makes)'
    );
  });
  throw new ReleaseError('PackageFailed', problems.join('\n'));
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ZIP.length), 0, ZIP.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
