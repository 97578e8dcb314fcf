import { StartReleaseInput, type StartReleaseOutput } from '../../lib/core/contracts/payloads';
import type { Apps } from '../../lib/ports/apps';
import type { Source } from '../../lib/ports/source';
import { findStage } from '../../lib/release/queue/find-stage';
import { readHead } from '../../lib/release/queue/read-head';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';

export interface StartPorts extends StartReleasePorts {
  readonly apps: Apps;
  readonly source: Source;
}

/** Asking for this file, whether it exists or not, tells whether the commit exists. */
const ANY_FILE = 'seed.yml';

/** Starts a release that a person or a program asked for. */
export const start =
  (ports: StartPorts) =>
  async (event: unknown): Promise<StartReleaseOutput> => {
    const { app, stage, commit, branch, tag, force, services, requestId, by } = StartReleaseInput.parse(event);
    const { config, made } = await findStage(ports, { app, stage });
    const { repository } = config;

    return startRelease(ports, {
      config,
      stage,
      force,
      only: services,
      trigger: { type: 'manual', id: requestId, by },
      async subject() {
        const asked = { branch, tag, made };
        if (commit === undefined) {
          const ref = tag === undefined ? { branch: branch! } : { tag };
          return { ...asked, commit: await readHead(ports.source, repository, ref) };
        }
        await ports.source.readFile(repository, commit, ANY_FILE); // throws CommitNotFound
        return { ...asked, commit };
      },
    });
  };
