import { parseSeedYml, SEED_YML } from '../../lib/config/seed-yml';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import { StartReleaseInput, type StartReleaseOutput } from '../../lib/core/contracts/payloads';
import type { Repository, ServicePath } from '../../lib/core/contracts/release';
import { ROOT, toServicePath } from '../../lib/core/contracts/service-path';
import { mapBounded } from '../../lib/core/map-bounded';
import { KIND_FILES } from '../../lib/core/plan/kind-files';
import { refuseUnknown } from '../../lib/core/plan/plan';
import { refuseTooMany } from '../../lib/core/plan/plan-output';
import { readServices } from '../../lib/core/plan/read-services';
import { hasSamTransform } from '../../lib/core/plan/sam-transform';
import { isLiteralRef } from '../../lib/core/trigger/map-ref';
import { refOfOrigin, refOfRelease } from '../../lib/core/trigger/ref-name';
import type { Apps } from '../../lib/ports/apps';
import type { KnownRepositories } from '../../lib/ports/known-repositories';
import type { Head, Source } from '../../lib/ports/source';
import { findStage } from '../../lib/release/queue/find-stage';
import { readHead } from '../../lib/release/queue/read-head';
import { requireSameRepository } from '../../lib/release/queue/same-repository';
import { type StartReleasePorts, startRelease } from '../../lib/release/queue/start-release';

export interface StartPorts extends StartReleasePorts {
  readonly apps: Apps;
  readonly source: Source;
  readonly knownRepositories: KnownRepositories;
}

/** The files that say what a service is, of every kind. */
const SERVICE_FILES = Object.values(KIND_FILES).flatMap(({ files }) => files);
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
        if (commit !== undefined) await refuseForeign(ports.source, config, { commit, stage, branch, made });
        await requireSameRepository(ports, config);
        const move = commit === undefined && !services ? releasedRef({ branch, tag, made }, found) : undefined;
        return { branch, tag, made, commit: found.commit, move };
      },
    });
  };

/**
 * Refuses a commit that is on no branch or tag of the repository: under its name GitHub also shows commits of forks,
 * which anybody may make.
 * @throws ReleaseError `CommitNotFound`
 */
async function refuseForeign(
  source: Source,
  { repository, stages }: AppConfig,
  asked: { readonly commit: string; readonly stage: string; readonly branch?: string; readonly made?: MadeStage },
): Promise<void> {
  const { commit, stage, branch, made } = asked;
  const likely = [branch, made?.origin.branch, ...(stages[stage]?.branches ?? []).filter(isLiteralRef)];
  const place = await source.findCommit(repository, commit, [...new Set(likely.flatMap((one) => one ?? []))]);
  if (place === 'reachable') return;
  const where = `of repository "${repository.name}"`;
  throw new ReleaseError(
    'CommitNotFound',
    place === 'unknown'
      ? `commit ${commit} is on none of the branches and tags ${where} that were looked at; name its branch with --branch`
      : `commit ${commit} is on no branch or tag ${where}: it is of a fork, or its branch was deleted or rewritten; ` +
          'push a branch or tag with it, and release that',
  );
}

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
  const read = (path: string) => source.readFile(repository, commit, path);
  const written = parseSeedYml((await read(SEED_YML)) ?? '');
  const listed = written.services && new Set(written.services.map(toServicePath));
  const named = new Map(Object.entries(written.kinds ?? {}).map(([path, kind]) => [toServicePath(path), kind]));
  const ofCode = new Set(Object.keys(written.code_only ?? {}).map(toServicePath));
  const isThere = async (path: ServicePath): Promise<boolean> => {
    if (listed !== undefined && !listed.has(path)) return false;
    if (ofCode.has(path)) return true;
    const kind = named.get(path);
    for (const file of kind ? KIND_FILES[kind].named : SERVICE_FILES) {
      const text = await read(path === ROOT ? file : `${path}/${file}`);
      if (text === undefined) continue;
      if (kind !== undefined || !KIND_FILES.sam.files.includes(file) || hasSamTransform(text)) return true;
    }
    return false;
  };
  if ((await mapBounded(services, AT_ONCE, isThere)).every(Boolean)) return;
  refuseUnknown(services, await readServices(await source.listFiles(repository, commit), written, read));
}
