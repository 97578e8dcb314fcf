import type { Notice } from '../../../lib/core/notices/notice';
import type { ReleaseView, StageView } from '../../../lib/core/notices/stage-view';

/** What a destination needs to know: a release, its stage, and what was told of it. */
export interface Subject {
  readonly view: ReleaseView;
  readonly stage: StageView;
  readonly notice: Notice;
}

/**
 * A place that is told of releases. `tell` compares what the place should show with what it was told last, and does
 * nothing if they are the same.
 */
export interface Destination {
  readonly name: string;
  /** @returns what the place has been told; undefined if there was nothing to tell */
  tell(subject: Subject): Promise<string | undefined>;
}
