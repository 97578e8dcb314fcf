import { notify } from '../../../../lambdas/record/notify';
import { comment } from '../../../../lambdas/record/notify/comment';
import { commitStatus } from '../../../../lambdas/record/notify/commit-status';
import { deployment } from '../../../../lambdas/record/notify/deployment';
import type { Destination } from '../../../../lambdas/record/notify/destination';
import { topic } from '../../../../lambdas/record/notify/topic';
import type { Release } from '../../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../../lib/core/contracts/state';
import { memoryMetrics } from '../../../../lib/memory/memory-metrics';
import { memoryNotices } from '../../../../lib/memory/memory-notices';
import { memoryReleases } from '../../../../lib/memory/memory-releases';
import { memoryRepositoryNotices } from '../../../../lib/memory/memory-repository-notices';
import { memoryServiceStates } from '../../../../lib/memory/memory-service-states';
import { memoryStages } from '../../../../lib/memory/memory-stages';
import { memoryTopic } from '../../../../lib/memory/memory-topic';
import type { Log } from '../../../../lib/ports/log';
import type { RepositoryNotices } from '../../../../lib/ports/repository-notices';
import { aRelease } from '../../../builders';

export const PR = { app: 'shop', stage: 'pr-12' };
export const commitOf = (letter: string): string => letter.repeat(40);
const idOf = (number: number): string => `01HZZZZZZZZZZZZZZZZZZZZZZ${number}`;

const aServiceRecord = (more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path: 'orders',
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: { build: 5_000, deploy: 1_000 },
  decision: {
    kind: 'incremental',
    reasons: [{ code: 'function-code-changed', message: 'the code of List differs' }],
    changedFunctions: ['List'],
  },
  ...more,
});

/** @returns a release of pull request 12 of a GitHub repository. */
export const aPullRequestRelease = (number: number, more: Partial<Release> = {}): Release =>
  aRelease({
    ...PR,
    id: idOf(number),
    commit: commitOf('a'),
    branch: 'topic',
    template: 'dev',
    pullRequest: { number: 12 },
    repository: { provider: 'github', name: 'acme/shop' },
    trigger: { type: 'pull-request', id: `delivery-${number}`, by: 'ada' },
    ...more,
  });

/** @returns everything that notifying needs, in memory, and what happens to releases. */
export function noticeWorld(options: { wrap?: (host: RepositoryNotices) => RepositoryNotices } = {}) {
  const releases = memoryReleases();
  const states = memoryServiceStates();
  const stages = memoryStages();
  const notices = memoryNotices();
  const host = memoryRepositoryNotices();
  const shown = options.wrap?.(host) ?? host;
  const releasesTopic = memoryTopic();
  const metrics = memoryMetrics();
  const warnings: unknown[] = [];
  const log: Log = { info: () => {}, warn: (_, fields) => warnings.push(fields) };
  const destinations: Destination[] = [
    commitStatus({ host: shown, states }),
    deployment({ host: shown, notices }),
    comment({ host: shown, states, stages }),
    topic(releasesTopic),
  ];
  const ports = {
    host: shown,
    releases,
    states,
    notices,
    destinations,
    hasConsole: true,
    metrics,
    log,
    now: () => 0,
    turnLasts: 60_000,
  };
  let calls = 0;
  return {
    ports,
    releases,
    states,
    stages,
    notices,
    host,
    topic: releasesTopic,
    metrics,
    warnings,
    destinations,
    /** Hands one event over; `call`: the same one again is a retry. */
    async tell(release: Release, call?: string): Promise<void> {
      calls += 1;
      const { app, stage, id } = release;
      await notify(ports)({ detail: { app, stage, releaseId: id } }, { awsRequestId: call ?? `call-${calls}` });
    },
    async make(): Promise<void> {
      const origin = { kind: 'pull-request', number: 12, branch: 'topic' } as const;
      await stages.make({ ...PR, template: 'dev', origin, madeAt: '2026-01-02T03:04:05.000Z' });
    },
    async accept(release: Release): Promise<void> {
      await releases.accept(release, await releases.queue(release));
    },
    async run(release: Release): Promise<void> {
      await releases.takeLock(release, '2026-01-02T03:04:06.000Z');
      const arn = `arn:aws:states:eu-central-1:111122223333:execution:Seedbed-Release:${release.id}`;
      await releases.recordExecution(release, arn);
    },
    async plan(release: Release): Promise<void> {
      const reasons = [{ code: 'files-changed' as const, message: 'files of the service changed' }];
      const skip = [{ path: 'web', reasons: [{ code: 'unchanged' as const, message: 'nothing of it changed' }] }];
      const plan = { phases: [[{ path: 'orders', reasons }]], skip };
      await releases.recordPlan(release, plan, '2026-01-02T03:04:07.000Z');
    },
    async deploy(release: Release, more: Partial<ServiceRecord> = {}): Promise<void> {
      const record = aServiceRecord(more);
      const { outputs, status } = record;
      await states.endService(release, { status: status === 'failed' ? 'failed' : 'deployed', outputs }, record);
    },
    async end(release: Release, error?: { code: string; message: string }): Promise<void> {
      const finishedAt = '2026-01-02T03:04:46.678Z';
      await releases.end(release, { status: error ? 'failed' : 'succeeded', error, finishedAt, durations: {} });
    },
  };
}
