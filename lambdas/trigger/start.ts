import { parseSeedYml, SEED_YML } from '../../lib/config/seed-yml';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import { StartReleaseInput, type StartReleaseOutput } from '../../lib/core/contracts/payloads';
import type { Repository, ServicePath } from '../../lib/core/contracts/release';
import { ROOT, toServicePath } from '../../lib/core/contracts/service-path';
import { mapBounded } from '../../lib/core/map-bounded';
import { CONFIG_FILES, findServices } from '../../lib/core/plan/find-services';
import { refuseUnknown } from '../../lib/core/plan/plan';
import { refuseTooMany } from '../../lib/core/plan/plan-output';
import { refOfOrigin, refOfRelease } from '../../lib/core/trigger/ref-name';
import type { Apps } from '../../lib/ports/apps';
import type { Head, Source } from '../../lib/ports/source';
import { findStage } from '../../lib/release/queue/find-stage';
import { readHead } from '../../lib/release/queue/read-head';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';

export interface StartPorts extends StartReleasePorts {
  readonly apps: Apps;
  readonly source: Source;
}

/** Services that are looked for side by side. */
const AT_ONCE = 10;

/** Starts a release that a person or a program asked for. */
export const start =
  (ports: StartPorts) =>
  async (event: unknown): Promise<StartReleaseOutput> => {
    const { app, stage, commit, branch, tag, force, services, requestId, by } = StartReleaseInput.parse(event);
    const { config, made } = await findStage(ports, { app, stage });
    const { repository } = config;
    refuseTooMany(services ?? []);

    return startRelease(ports, {
      config,
      stage,
      force,
      only: services,
      trigger: { type: 'manual', id: requestId, by },
      async subject() {
        const ref = tag === undefined ? { branch: branch! } : { tag };
        const found = commit === undefined ? await readHead(ports.source, repository, ref) : { commit };
        if (services) await refuseMissing(ports.source, { repository, commit: found.commit }, services);
        // Whether the file is there or not, this tells whether the commit is.
        else if (commit !== undefined) await ports.source.readFile(repository, commit, SEED_YML);
        const move = commit === undefined && !services ? releasedRef({ branch, tag, made }, found) : undefined;
        return { branch, tag, made, commit: found.commit, move };
      },
    });
  };

/**
 * @returns what is known of a branch, tag or pull request once all of its head is released: no event releases it again
 */
function releasedRef(
  { branch, tag, made }: { readonly branch?: string; readonly tag?: string; readonly made?: MadeStage },
  { commit, object = commit }: Pick<Head, 'commit' | 'object'>,
) {
  // A made stage may be given another branch's head for once.
  if (made && made.origin.branch !== branch) return undefined;
  const ref = made ? refOfOrigin(made.origin) : refOfRelease({ branch, tag });
  return ref === undefined ? undefined : { ref, head: object, once: false };
}

/**
 * Refuses services that the commit does not have, before there is a release that would fail for it. All files of a
 * commit, of which there may be very many, are listed only to say what was meant.
 *
 * @throws ReleaseError `ServiceNotFound`, `CommitNotFound`, or what is wrong with seed.yml
 */
async function refuseMissing(
  source: Source,
  { repository, commit }: { readonly repository: Repository; readonly commit: string },
  services: readonly ServicePath[],
): Promise<void> {
  const { services: listed } = parseSeedYml((await source.readFile(repository, commit, SEED_YML)) ?? '');
  const isThere = async (path: ServicePath): Promise<boolean> => {
    for (const file of CONFIG_FILES) {
      const found = await source.readFile(repository, commit, path === ROOT ? file : `${path}/${file}`);
      if (found !== undefined) return listed?.some((one) => toServicePath(one) === path) ?? true;
    }
    return false;
  };
  if ((await mapBounded(services, AT_ONCE, isThere)).every(Boolean)) return;
  refuseUnknown(services, findServices(await source.listFiles(repository, commit), listed));
}
