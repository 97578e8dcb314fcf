import { createHash } from 'node:crypto';
import { plan } from '../../../lambdas/plan/plan';
import { finish } from '../../../lambdas/record/finish';
import { rollback } from '../../../lambdas/trigger/rollback';
import { start } from '../../../lambdas/trigger/start';
import { bundleKey, deployedPackageKey } from '../../../lib/core/contracts/keys';
import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import type { DeployedPackage } from '../../../lib/core/contracts/manifest';
import type { StartRollbackInput } from '../../../lib/core/contracts/payloads';
import type { Release } from '../../../lib/core/contracts/release';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryTarget } from '../../../lib/memory/memory-target';
import { aHash, aManifest, COMMIT } from '../../builders';
import { memoryPlatform } from '../../memory-platform';

/** What a release leaves of a service: the code of its one function; the template, if it is not the usual one. */
export interface Left {
  readonly code: string;
  readonly template?: string;
}

/** A stage in memory to which services were released, and the workers that roll it back. */
export function aStage() {
  const artifacts = memoryArtifacts();
  const target = memoryTarget(artifacts);
  const platform = { ...memoryPlatform(), artifacts, target: target.portsOf };
  const { releases, states, executions } = platform;
  const stage = { app: 'shop', stage: 'dev' };
  let requests = 0;

  /** Begins a release; it runs, or waits. */
  async function begin(): Promise<Release> {
    requests += 1;
    const { releaseId: id } = await start(platform)({ ...stage, commit: COMMIT, requestId: `request-${requests}` });
    return (await releases.find({ ...stage, id }))!.release;
  }

  /** Publishes a function with some code and keeps bundle, template and package of it, as a release does. */
  async function deploy(release: Release, path: string, { code, template = 'template' }: Left): Promise<void> {
    const name = `${path}-dev-List`;
    const bytes = Buffer.from(code);
    const codeSha256 = createHash('sha256').update(bytes).digest('base64');
    const bundle = bundleKey('shop', path, 'List', aHash(code));
    const templateAt = `packages/shop/${path}/${release.id}/template.json`;
    artifacts.objects.set(bundle, bytes).set(templateAt, Buffer.from('{}'));
    target.functions.put(name, { codeSha256 });
    const published = await target.functions.publish(name, codeSha256);
    if (published.outcome !== 'done') throw new Error(published.outcome);
    await target.functions.moveAlias(name, { alias: LIVE_ALIAS, version: published.version });

    const manifest = aManifest(
      {},
      {
        service: path,
        releaseId: release.id,
        commit: release.commit,
        stackName: `${path}-dev`,
        template: templateAt,
        templateHash: aHash(template),
        functions: {
          List: { bundle, contentHash: aHash(code), codeSha256, size: 1, handler: 'list.main', runtime: 'nodejs22.x' },
        },
      },
    );
    const deployed: DeployedPackage = {
      manifest,
      configuredBy: template,
      outputs: {},
      functions: { List: { name, version: published.version, codeSha256 } },
    };
    const deployedPackage = deployedPackageKey('shop', path, release.id);
    await artifacts.writeJson(deployedPackage, deployed);
    await states.endService(
      release,
      { status: 'deployed', commit: release.commit, deployedPackage, stackName: `${path}-dev` },
      { path, status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
    );
  }

  async function end(release: Release, status: 'succeeded' | 'failed' = 'succeeded'): Promise<void> {
    const error = status === 'failed' ? { code: 'ServiceFailed', message: 'a service failed' } : undefined;
    executions.finish((await releases.find(release))!.executionArn!, status);
    await finish(platform)({ release, error });
  }

  return {
    ...platform,
    functions: target.functions,
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
    rollBack: (more: Partial<StartRollbackInput> = {}) => {
      requests += 1;
      return rollback(platform)({ ...stage, requestId: `rollback-${requests}`, by: 'ada', ...more });
    },
    plan: (release: Release) => plan({ ...platform, now: () => '2026-01-02T03:04:06.000Z' })({ release }),
    record: (id: string) => releases.find({ ...stage, id }),
    statusOf: async (release: Release) => (await releases.find(release))!.status,
    bundleOf: (path: string, code: string) => bundleKey('shop', path, 'List', aHash(code)),
    /** Takes a version of a function out of Lambda. */
    loseVersion(path: string, version: number): void {
      delete (target.functions.all.get(`${path}-dev-List`)!.versions as unknown[])[version - 1];
    },
  };
}
