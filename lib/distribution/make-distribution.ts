import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { type CompilerOptions, ScriptTarget, transpileDeclaration } from 'typescript';
import { bundlePackager } from '../../buildspec/bundle';
import { readVersion, VERSION_FILE } from '../cli/platform/version';
import { bundleWorkers } from '../infra/bundle-workers';
import { modules, ROOT } from './modules';

/** The one file whose types are public. */
const PUBLIC = 'lib/index';
/** What the local cloud and the packager run besides our JavaScript: Python, shell, what is installed by hash. */
const RUN_AS_IT_IS = ['lib/local', 'lib/packager/kinds'];

/**
 * Writes what the npm package holds: JavaScript of every module that it needs, in the folders of the sources, since
 * modules find files beside them; the types of the public ones; workers and packager as bundles; version and commit.
 * @param directory is replaced
 */
export function makeDistribution(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  compile(directory);
  for (const room of RUN_AS_IT_IS) {
    cpSync(join(ROOT, room), join(directory, room), {
      recursive: true,
      filter: (file) => extname(file) !== '.ts' && !file.includes('__pycache__'),
    });
  }
  writeTypes(directory);
  bundleWorkers(join(directory, 'workers'));
  bundlePackager(join(directory, 'packager'));
  writeFileSync(join(directory, VERSION_FILE), `${JSON.stringify(readVersion(), null, 2)}\n`);
}

/** Makes JavaScript of each source by itself, so that a stack trace names the file that it comes from. */
function compile(directory: string): void {
  const { sources } = modules();
  buildSync({
    entryPoints: sources.map((file) => join(ROOT, file)),
    outbase: ROOT,
    outdir: directory,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Imports are without extensions, which only `require` resolves.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
}

/** @throws Error if the types of what is public do not stand by themselves, in one file */
function writeTypes(directory: string): void {
  const fileName = join(ROOT, `${PUBLIC}.ts`);
  const compilerOptions: CompilerOptions = { strict: true, target: ScriptTarget.ES2022, isolatedDeclarations: true };
  const { outputText, diagnostics = [] } = transpileDeclaration(readFileSync(fileName, 'utf8'), {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  const problems = diagnostics.map(({ messageText }) => JSON.stringify(messageText));
  if (/from '\./.test(outputText)) problems.push('a public type is made of an internal one');
  if (problems.length > 0) throw new Error(`${PUBLIC}.ts has no types of its own: ${problems.join('; ')}`);
  const file = join(directory, `${PUBLIC}.d.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, outputText);
}
