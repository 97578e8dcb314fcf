import type { AppConfig } from '../../lib/core/app-config';
import { ReleaseError } from '../../lib/core/errors';
import { StartReleaseInput, type StartReleaseOutput } from '../../lib/core/payloads';
import type { Apps } from '../../lib/ports/apps';
import type { Source } from '../../lib/ports/source';
import { readHead, type StartReleasePorts, startRelease } from './start-release';

export interface StartPorts extends StartReleasePorts {
  readonly apps: Apps;
  readonly source: Source;
}

/** A file that any service may read at any commit: asking for it tells whether the commit is there. */
const ANY_FILE = 'seed.yml';

/** Starts a release that a person or a program asked for. */
export const start =
  (ports: StartPorts) =>
  async (event: unknown): Promise<StartReleaseOutput> => {
    const { app, stage, commit, branch, force, requestId, by } = StartReleaseInput.parse(event);
    const config = await ports.apps.find(app);
    if (!config) throw appNotFound(app, await ports.apps.names());
    if (!Object.hasOwn(config.stages, stage)) throw stageNotFound(config, stage);
    const { repository } = config;

    return startRelease(ports, {
      ...{ config, stage, branch, force },
      trigger: { type: 'manual', id: requestId, by },
      async commit() {
        if (commit === undefined) return readHead(ports.source, repository, branch!);
        await ports.source.readFile(repository, commit, ANY_FILE); // throws CommitNotFound
        return commit;
      },
    });
  };

const appNotFound = (app: string, known: readonly string[]): ReleaseError =>
  new ReleaseError('AppNotFound', `there is no app "${app}"; add it to seedbed.yml, or use one of: ${listed(known)}`);

const stageNotFound = ({ app, stages }: AppConfig, stage: string): ReleaseError =>
  new ReleaseError(
    'StageNotFound',
    `app "${app}" has no stage "${stage}"; add it to seedbed.yml, or use one of: ${listed(Object.keys(stages).sort())}`,
  );

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : '(none is there yet)');
