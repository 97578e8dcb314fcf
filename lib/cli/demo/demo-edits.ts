import { ReleaseError } from '../../core/contracts/errors';

/** Replaces a text that stands exactly once in a file of `examples/shop`. */
export interface DemoEdit {
  /** Path from the root of the shop's repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * @param text the file as it stands
 * @returns the file with the edit made
 * @throws ReleaseError ConfigInvalid if the text to replace does not stand in it exactly once, so that no act passes
 *   because it changed nothing
 */
export function applyEdit(text: string, edit: DemoEdit): string {
  const [before, after, ...more] = text.split(edit.find);
  if (before === undefined || after === undefined || more.length > 0) {
    const found = after === undefined ? 'not found' : `found ${more.length + 1} times`;
    throw new ReleaseError(
      'ConfigInvalid',
      `examples/shop/${edit.file}: ${found}, but the demo replaces it once: ${JSON.stringify(edit.find)}; ` +
        'restore the example with git',
    );
  }
  return before + edit.replace + after;
}

/**
 * @param read gives a file's text by its path in the repository
 * @returns the changed files and their new texts; edits of one file build on each other
 */
export function applyEdits(read: (file: string) => string, edits: readonly DemoEdit[]): ReadonlyMap<string, string> {
  return edits.reduce(
    (files, edit) => files.set(edit.file, applyEdit(files.get(edit.file) ?? read(edit.file), edit)),
    new Map<string, string>(),
  );
}
