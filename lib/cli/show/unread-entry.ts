import type { UnreadableRelease } from '../../core/contracts/unreadable';

/** What `--json` prints of a release that this version cannot read. */
export const unreadEntry = ({ release, status, why }: UnreadableRelease) => ({
  releaseId: release.id,
  status,
  error: { code: 'StateUnreadable', message: why },
});
