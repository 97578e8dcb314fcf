import { ReleaseError } from '../../lib/core/errors';
import { PreviewInput, type PreviewOutput } from '../../lib/core/payloads';
import type { Release, Repository } from '../../lib/core/release';
import type { Source } from '../../lib/ports/source';
import { type FindStagePorts, findStage, settingsOf } from '../trigger/find-stage';
import { type PlanPorts, planAhead } from './plan';

export type PreviewPorts = FindStagePorts &
  Pick<PlanPorts, 'source' | 'states' | 'bases' | 'environmentStamps' | 'now'>;

/** No release has it: a plan for it is never kept. */
const NO_RELEASE = '0'.repeat(26);

/** Tells what a release would do if it began now, and why; starts and keeps nothing. */
export const preview =
  (ports: PreviewPorts) =>
  async (event: unknown): Promise<PreviewOutput> => {
    const { app, stage, branch, tag, force, services, ...asked } = PreviewInput.parse(event);
    const { config, made } = await findStage(ports, { app, stage });
    const template = made?.template;
    const { repository } = config;
    const { target, shift } = settingsOf(config, stage, template);
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
