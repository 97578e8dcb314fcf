import { plan } from '../../../lambdas/plan/plan';
import { finish } from '../../../lambdas/record/finish';
import { rollback } from '../../../lambdas/trigger/rollback';
import { start } from '../../../lambdas/trigger/start';
import { bundleKey } from '../../../lib/core/contracts/keys';
import type { StartRollbackInput } from '../../../lib/core/contracts/payloads';
import type { Release } from '../../../lib/core/contracts/release';
import { COMMIT } from '../../builders';
import { contentHashOf } from '../deploy/a-package';
import { releaseWorld } from '../release-world';

/** What a release leaves of a service: the code of its one function; the template, if it is not the usual one. */
export interface Left {
  readonly code: string;
  readonly template?: string;
}

/** A stage in memory to which services were released, and the workers that roll it back. */
export function aStage() {
  const { begin: _, release: _all, remove: _none, ...world } = releaseWorld();
  const { releases, executions } = world;
  const stage = { app: 'shop', stage: 'dev' };
  let requests = 0;

  /** Begins a release; it runs, or waits. */
  async function begin(): Promise<Release> {
    requests += 1;
    const { releaseId: id } = await start(world)({ ...stage, commit: COMMIT, requestId: `request-${requests}` });
    return (await releases.find({ ...stage, id }))!.release;
  }

  /** Releases one service, whatever the plan of the release says. */
  async function deploy(release: Release, path: string, { code, template = 'template' }: Left): Promise<void> {
    const resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: template } } };
    const { status } = await world.releaseService(release, path, { functions: { List: code }, resources });
    expect(status).toBe('SUCCEEDED');
  }

  async function end(release: Release, status: 'succeeded' | 'failed' = 'succeeded'): Promise<void> {
    const error = status === 'failed' ? { code: 'ServiceFailed', message: 'a service failed' } : undefined;
    executions.finish((await releases.find(release))!.executionArn!, status);
    await finish(world)({ release, error });
  }

  return {
    ...world,
    functions: world.inTarget.functions,
    stage,
    begin,
    deploy,
    end,
    /** Releases services from beginning to end. @returns the release */
    async release(services: Readonly<Record<string, Left>>, status?: 'succeeded' | 'failed'): Promise<Release> {
      const release = await begin();
      for (const [path, left] of Object.entries(services)) await deploy(release, path, left);
      await end(release, status);
      return release;
    },
    rollBack: (more: Partial<StartRollbackInput> = {}, ports: Partial<typeof world> = {}) => {
      requests += 1;
      return rollback({ ...world, ...ports })({ ...stage, requestId: `rollback-${requests}`, by: 'ada', ...more });
    },
    plan: (release: Release) => plan({ ...world, now: () => '2026-01-02T03:04:06.000Z' })({ release }),
    record: (id: string) => releases.find({ ...stage, id }),
    statusOf: async (release: Release) => (await releases.find(release))!.status,
    bundleOf: (path: string, code: string) => bundleKey(stage, path, 'List', contentHashOf(code)),
    /** Takes a version of a function out of Lambda. */
    loseVersion(path: string, version: number): void {
      delete (world.inTarget.functions.all.get(`${path}-dev-List`)!.versions as unknown[])[version - 1];
    },
  };
}
