import type { ServicePath } from '../contracts/release';
import { mapBounded } from '../map-bounded';
import { findServices, type ServicesWritten, undecidedFiles } from './find-services';
import { hasSamTransform } from './sam-transform';

/** GitHub takes a hundred calls at once, those of other releases among them. */
const AT_ONCE = 20;

/**
 * Finds the services of a commit, with a call for each file that only its text tells apart from others: templates of
 * CloudFormation.
 *
 * @param files all paths of the commit's tree
 * @param read gives a file's text
 * @throws ReleaseError as `findServices` does
 */
export async function readServices(
  files: readonly string[],
  written: ServicesWritten,
  read: (path: string) => Promise<string | undefined>,
): Promise<ServicePath[]> {
  const undecided = undecidedFiles(files, written);
  const texts = await mapBounded(undecided, AT_ONCE, read);
  return findServices(files, written, new Set(undecided.filter((_, index) => hasSamTransform(texts[index] ?? ''))));
}
