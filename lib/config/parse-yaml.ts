import { type Document, LineCounter, parseDocument, type Tags } from 'yaml';
import { ReleaseError } from '../core/contracts/errors';

/** A file's place in the repository and its text. */
export interface YamlFile {
  /** Path as users know it, for messages. */
  readonly name: string;
  readonly text: string;
}

/** Enough for any real configuration; a file that makes more of its aliases is meant to fill the memory. */
const MAX_ALIASES = 1000;

/** Characters; several times what CloudFormation takes. */
const MOST_TEXT = 5_000_000;
/** Levels of lists and maps; reading more would exhaust the stack. */
const MOST_DEPTH = 200;
/** Spaces and dashes before a line's text. */
const MOST_INDENT = 800;

/**
 * Reads YAML.
 *
 * @param tags those that are known. Others, which only the framework may know (`!Ref`, `!GetAtt`), are left as their
 *   plain value; with `none` they are refused: nobody else reads the file
 * @returns the value; `undefined` for an empty file
 * @throws ReleaseError `ConfigInvalid`, naming file and line for each of the first problems
 */
export function parseYaml({ name, text }: YamlFile, tags: Tags | 'none' = []): unknown {
  refuseUnreadable(name, text);
  const lines = new LineCounter();
  // `merge`: the Serverless Framework reads YAML with merge keys. Unknown tags are warnings, which nobody would see.
  const options = {
    lineCounter: lines,
    merge: true,
    logLevel: 'error',
    prettyErrors: false,
    customTags: tags === 'none' ? [] : tags,
  } as const;
  const document = parseDocument(text, options);
  const problems = document.errors.map(({ pos, message }) => at(name, lines, pos[0], message));
  if (problems.length > 0) throw invalid(problems);
  const unknown = tags === 'none' ? document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED') : [];
  if (unknown.length > 0) throw invalid(unknown.map(({ pos }) => describeTag(name, lines, { text, at: pos[0] })));
  return toValue(name, document);
}

/** Finds text that no person writes before any of it is parsed. */
function refuseUnreadable(name: string, text: string): void {
  if (text.length > MOST_TEXT) {
    throw invalid([
      `${name}: it has ${text.length} characters, more than ${MOST_TEXT}; split it, or read parts of it from files`,
    ]);
  }
  let depth = 0;
  let deepest = 0;
  // Also counts brackets in texts: no file has so many more that open than close.
  for (const sign of text) {
    if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++depth);
    if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
  }
  const indent = text.split('\n').reduce((most, line) => Math.max(most, /^[ -]*/.exec(line)![0].length), 0);
  if (deepest > MOST_DEPTH || indent > MOST_INDENT) {
    throw invalid([`${name}: lists and maps lie more than ${MOST_DEPTH} deep in each other; make it flatter`]);
  }
}

function toValue(name: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? undefined;
  } catch (cause) {
    // The library reports too many aliases only by a ReferenceError.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid([`${name}: ${why}; write out what its aliases repeat`], cause);
  }
}

function at(name: string, lines: LineCounter, offset: number, message: string): string {
  const { line, col } = lines.linePos(offset);
  return `${name}, line ${line}, column ${col}: not valid YAML: ${lowerFirst(message)}`;
}

function describeTag(name: string, lines: LineCounter, { text, at }: { readonly text: string; readonly at: number }) {
  const [tag = ''] = /^\S{1,60}/.exec(text.slice(at)) ?? [];
  const { line } = lines.linePos(at);
  return `${name}, line ${line}: the tag "${tag}" means nothing here; write the value itself, in quotes if it begins with "!"`;
}

const MOST_SHOWN = 5;

function invalid(problems: readonly string[], cause?: unknown): ReleaseError {
  return new ReleaseError('ConfigInvalid', problems.slice(0, MOST_SHOWN).join('\n'), { cause });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
