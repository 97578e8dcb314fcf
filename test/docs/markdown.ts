import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A document for people: its path within the repository, and its text. */
export interface MarkdownFile {
  readonly path: string;
  readonly text: string;
}

/** @returns the documents in the repository's root, in `docs` and below it, and the one of the benchmarks. */
export function documents(): readonly MarkdownFile[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`);
  const paths = [...readdirSync(ROOT), ...inDocs, 'bench/README.md'].filter((path) => path.endsWith('.md'));
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Takes out blocks of code, in which a `#` is no heading and a path may be anybody's. */
const withoutBlocks = (text: string): string => text.replace(/^ *```.*?^ *```/gms, '');

/** @returns what stands between backticks in the text's lines. */
export const codeSpans = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);

/** @returns where the text's links lead. */
export const linksOf = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);

/** @returns the anchors of the text's headings, as GitHub makes them: `## By what you see` is `by-what-you-see`. */
export const anchorsOf = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
    heading!
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
