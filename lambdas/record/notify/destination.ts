import type { Notice } from '../../../lib/core/notices/notice';
import type { ReleaseView, StageView } from '../../../lib/core/notices/stage-view';

/** A release, its stage, and what was told of it: what a destination goes by. */
export interface Subject {
  readonly view: ReleaseView;
  readonly stage: StageView;
  readonly notice: Notice;
}

/**
 * A place that is told of releases. `tell` compares what is to be there with what the place was told last, and does nothing
 * if that is the same.
 */
export interface Destination {
  readonly name: string;
  /** @returns what the place has been told; undefined if there was nothing to tell */
  tell(subject: Subject): Promise<string | undefined>;
}
