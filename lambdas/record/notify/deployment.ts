import type { Release } from '../../../lib/core/contracts/release';
import { deploymentState, isProduction } from '../../../lib/core/notices/host-states';
import { stageUrl } from '../../../lib/core/notices/service-urls';
import { linkTo } from '../../../lib/core/notices/stage-view';
import { summarise } from '../../../lib/core/notices/summary';
import type { Notices } from '../../../lib/ports/notices';
import type { RepositoryNotices } from '../../../lib/ports/repository-notices';
import type { Destination, Subject } from './destination';

export interface DeploymentPorts {
  readonly host: RepositoryNotices;
  readonly notices: Notices;
}

/** GitHub's deployment of a release to an environment, which has the stage's name. */
export const deployment = (ports: DeploymentPorts): Destination => ({
  name: 'deployment',
  async tell({ view, stage, notice }) {
    const { release } = view.record;
    if (release.repository.provider !== 'github') return undefined;
    if (release.remove) return tellRemoval(ports, { view, stage, notice });
    const state = deploymentState(view.record, stage.latest);
    const told = notice.told[this.name];
    // GitHub has made it inactive already, at a later success.
    if (state === undefined || told === state || (state === 'inactive' && told === 'success')) return undefined;
    const description = summarise(view.record, view.services);
    const id = notice.deploymentId ?? (await makeDeployment(ports, { release, notice }));
    const environmentUrl = state === 'success' ? stageUrl(stage.states) : undefined;
    const logUrl = linkTo(view.record, stage);
    await ports.host.setDeploymentStatus(release.repository, id, { state, description, environmentUrl, logUrl });
    return state;
  },
});

interface Wanted extends Pick<Subject, 'notice'> {
  readonly release: Release;
}

/** Makes the release's deployment, unless an earlier try did so and died before it could store the id. */
async function makeDeployment({ host, notices }: DeploymentPorts, { release, notice }: Wanted): Promise<number> {
  const { id, stage, commit, repository } = release;
  const wanted = { commit, environment: stage, release: id };
  const made = notice.deploymentAsked ? await host.findDeployment(repository, wanted) : undefined;
  if (!notice.deploymentAsked) await notices.record(release, { deploymentAsked: true });
  const deploymentId =
    made ??
    (await host.createDeployment(repository, {
      ...wanted,
      description: `Seedbed release ${id}`,
      isTransient: release.template !== undefined,
      isProduction: isProduction(release),
    }));
  await notices.record(release, { deploymentId });
  return deploymentId;
}

const REMOVED = 'removed';

/** A stage that is gone has no deployments any more, unless it has been made again meanwhile. */
async function tellRemoval({ host }: DeploymentPorts, { view, stage, notice }: Subject): Promise<string | undefined> {
  const { release, status } = view.record;
  const isNewest = stage.latest.every((one) => one.release.id <= release.id);
  if (status !== 'succeeded' || !isNewest || notice.told.deployment === REMOVED) return undefined;
  await host.endEnvironment(release.repository, release.stage);
  return REMOVED;
}
