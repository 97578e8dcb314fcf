import { ReleaseError } from '../../lib/core/errors';
import { PreviewInput, type PreviewOutput } from '../../lib/core/payloads';
import type { Release, Repository } from '../../lib/core/release';
import type { Apps } from '../../lib/ports/apps';
import type { Source } from '../../lib/ports/source';
import type { Stages } from '../../lib/ports/stages';
import { findStageOrMade } from '../trigger/find-stage-or-made';
import { type PlanPorts, planAhead } from './plan';

export interface PreviewPorts extends Pick<PlanPorts, 'source' | 'states' | 'now'> {
  readonly apps: Apps;
  readonly stages: Pick<Stages, 'find'>;
}

/** No release has it: a plan for it is never kept. */
const NO_RELEASE = '0'.repeat(26);

/** Tells what a release would do if it began now, and why; starts and keeps nothing. */
export const preview =
  (ports: PreviewPorts) =>
  async (event: unknown): Promise<PreviewOutput> => {
    const { app, stage, branch, tag, force, services, ...asked } = PreviewInput.parse(event);
    const { config, template } = await findStageOrMade(ports, { app, stage });
    const { repository } = config;
    const { target, shift } = config.stages[template ?? stage]!;
    const commit = asked.commit ?? (await readCommit(ports.source, repository, { branch, tag }));
    const release: Release = {
      ...{
        id: NO_RELEASE,
        app,
        stage,
        commit,
        branch,
        tag,
        template,
        force,
        only: services,
        repository,
        target,
        shift,
      },
      ...{ trigger: { type: 'manual', id: NO_RELEASE }, requestedAt: ports.now() },
    };
    const { plan } = await planAhead(ports, release);
    return { commit, plan };
  };

async function readCommit(
  source: Source,
  repository: Repository,
  { branch, tag }: { readonly branch?: string; readonly tag?: string },
): Promise<string> {
  const head = await source.head(repository, tag === undefined ? { branch: branch! } : { tag });
  if (head) return head.commit;
  const [code, what] = tag === undefined ? (['BranchNotFound', 'branch'] as const) : (['TagNotFound', 'tag'] as const);
  throw new ReleaseError(
    code,
    `repository "${repository.name}" has no ${what} "${tag ?? branch}"; push it, or name another`,
  );
}
