import { type Document, LineCounter, parseDocument, type Tags } from 'yaml';
import { ReleaseError } from '../core/errors';

/** A file's place in the repository and its text. */
export interface YamlFile {
  /** Path as users know it, for messages. */
  readonly name: string;
  readonly text: string;
}

/** Enough for any real configuration; a file that makes more of its aliases is meant to fill the memory. */
const MAX_ALIASES = 1000;

/**
 * Reads YAML. Tags that only the reader of the file knows (`!Ref`, `!GetAtt`) are left as their plain value.
 *
 * @param tags those that are known
 * @returns the value; `undefined` for an empty file
 * @throws ReleaseError `ConfigInvalid`, naming file and line for each of the first problems
 */
export function parseYaml({ name, text }: YamlFile, tags: Tags = []): unknown {
  const lines = new LineCounter();
  // `merge`: the Serverless Framework reads YAML with merge keys. Unknown tags are warnings, which nobody would see.
  const options = {
    lineCounter: lines,
    merge: true,
    logLevel: 'error',
    prettyErrors: false,
    customTags: tags,
  } as const;
  const document = parseDocument(text, options);
  const problems = document.errors.map(({ pos, message }) => at(name, lines, pos[0], message));
  if (problems.length > 0) throw invalid(problems);
  return toValue(name, document);
}

function toValue(name: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? undefined;
  } catch (cause) {
    // ReferenceError: the only way in which the library says that there are too many aliases.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid([`${name}: ${why}; write out what its aliases repeat`], cause);
  }
}

function at(name: string, lines: LineCounter, offset: number, message: string): string {
  const { line, col } = lines.linePos(offset);
  return `${name}, line ${line}, column ${col}: not valid YAML: ${lowerFirst(message)}`;
}

const MOST_SHOWN = 5;

function invalid(problems: readonly string[], cause?: unknown): ReleaseError {
  return new ReleaseError('ConfigInvalid', problems.slice(0, MOST_SHOWN).join('\n'), { cause });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
