import { ROOT } from '../contracts/service-path';
import type { ServiceState } from '../contracts/state';
import { nameSome } from '../text/name-some';
import { countFiles, type FileChanges, mergeChanges } from './changes';
import { governsOthers } from './governing-files';

/** Changed files that concern a service by the rule of the directories, and why the rule of the files does not hold. */
export interface DoubtfulFiles {
  readonly files: FileChanges;
  readonly because: string;
}

/**
 * Changed files of no service where seed.yml sets `changes: files`: such a file concerns the services whose last
 * package was made of it, and no others.
 *
 * Why none is left out whose package another build would make differently: a build is made of the files that it opens,
 * looks for in vain, or finds in a list. If the record of these is complete and none of them differs, another build
 * does the same. What a record cannot show concerns all: a file that came or went may take the place of another one,
 * or be listed; a symbolic link and a submodule are not opened themselves; what governs others (`governsOthers`) is
 * read by programs that nobody watches. And a record that may not be complete narrows nothing.
 */
export class SharedFiles {
  /** Files of which only the content differs. */
  private readonly edited: readonly string[];
  private readonly editedSet: ReadonlySet<string>;
  private readonly others: FileChanges;

  /**
   * @param files the changed files of no service
   * @param edited those of all changed files that are plain files before and after
   */
  constructor(files: readonly string[], edited: ReadonlySet<string>) {
    const isPlain = (file: string) => edited.has(file) && !governsOthers(file);
    this.edited = files.filter(isPlain);
    this.editedSet = new Set(this.edited);
    this.others = countFiles(files.filter((file) => !isPlain(file)));
  }

  /** @returns those that concern the service whatever its last package was made of; undefined if none does */
  doubtful(state: ServiceState | undefined): DoubtfulFiles | undefined {
    const unknown = whyIncomplete(state);
    const files = unknown === undefined ? this.others : mergeChanges([this.others, countFiles(this.edited)]);
    if (files.count === 0) return undefined;
    const ofAll = 'what is new, gone, renamed, a link or a setting of tools concerns every service';
    return { files, because: unknown ?? ofAll };
  }

  /** @returns those that the last package of the service was made of, if it is known of all */
  readBy(state: ServiceState | undefined): readonly string[] {
    if (whyIncomplete(state) !== undefined) return [];
    return (state?.outsideFiles ?? []).flatMap((path) => {
      // That a directory was listed (`libs/*`) says which files are in it, not what they hold.
      if (path.endsWith('/')) return this.edited.filter((file) => path === `${ROOT}/` || file.startsWith(path));
      return this.editedSet.has(path) ? [path] : [];
    });
  }

  /** @returns what a person should know who sees a service left out: undefined if there is no such file */
  passedOver(): string | undefined {
    const { length } = this.edited;
    if (length === 0) return undefined;
    const files =
      length === 1 ? 'the file of no service that changed' : `any of the ${length} files of no service that changed`;
    return `its last package was not made of ${files}: ${nameSome(countFiles(this.edited).first, length)}`;
  }
}

/** @returns why it is not known which files the service's last package was made of; undefined if it is */
function whyIncomplete(state: ServiceState | undefined): string | undefined {
  const unseen = state?.outsideUnseen;
  if (unseen === undefined || unseen.commit !== state?.commit) {
    return 'its last package has no record of all files that it was made of';
  }
  return unseen.by.length === 0
    ? undefined
    : `its last package may have been made of other files than were seen: ${nameSome(unseen.by)}`;
}
