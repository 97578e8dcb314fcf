import type { ReleaseKey } from '../../core/contracts/release';
import type { ReleaseRecord } from '../../core/contracts/state';
import type { Platform } from '../platform/connect-platform';
import { EXIT, ToldFailure } from '../platform/run-command';
import type { LocalOption } from '../platform/world';
import { followRelease, type ReleaseView } from './follow-release';
import { progressDisplay } from './progress-display';

export interface WatchOptions {
  readonly out: NodeJS.WriteStream;
  /** @returns how to see the end of a release that goes on when the user has stopped watching, a line each. */
  readonly whenInterrupted: (record: ReleaseRecord | undefined) => readonly string[];
}

/**
 * Shows a release until it has ended. The user may stop watching with Ctrl-C; the release goes on.
 * @returns the release at its end
 */
export async function watchRelease(
  platform: Platform,
  key: ReleaseKey,
  { out, whenInterrupted }: WatchOptions,
): Promise<ReleaseView> {
  const display = progressDisplay(out);
  const control = new AbortController();
  const interrupt = () => control.abort();
  process.once('SIGINT', interrupt);
  try {
    return await followRelease(platform, key, { onView: display.show, signal: control.signal });
  } catch (error) {
    if (!control.signal.aborted) throw error;
    display.close();
    const lines = [
      `release ${key.id} goes on. To see how it ends:`,
      ...whenInterrupted(await platform.releases.find(key)),
    ];
    out.write(`${lines.join('\n')}\n`);
    throw new ToldFailure(EXIT.interrupted);
  } finally {
    display.close();
    process.off('SIGINT', interrupt);
  }
}

/** @returns the command that describes a release's execution. */
export function describeExecution(record: ReleaseRecord | undefined): string {
  const arn = record?.executionArn ?? '(it waits for another release)';
  return `  $ aws stepfunctions describe-execution --execution-arn ${arn}`;
}

/** @returns how to see the end of a release on this platform, for a person who stops watching it. */
export function whereToLook(local: LocalOption, { app, stage, id }: ReleaseKey): readonly string[] {
  const where = local ? ` --local${local === true ? '' : ` ${local}`}` : '';
  return [`  $ npx seedbed logs --follow --app ${app} --stage ${stage}${where} ${id}`];
}
