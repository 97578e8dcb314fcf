import { plan } from '../lambdas/plan/plan';
import type { Release } from '../lib/core/contracts/release';
import { NO_STAGE_SHIFT } from '../lib/core/contracts/settings';
import type { ServiceState } from '../lib/core/contracts/state';
import { memoryArtifacts } from '../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../lib/memory/memory-clone-credentials';
import { memoryPlannedBases } from '../lib/memory/memory-planned-bases';
import { memoryReleases } from '../lib/memory/memory-releases';
import { memoryServiceStates } from '../lib/memory/memory-service-states';
import { memoryTarget } from '../lib/memory/memory-target';
import type { Source } from '../lib/ports/source';

/** What a process that plans once writes to its standard output. */
export interface PlanFigures {
  readonly milliseconds: number;
  /** Most memory that the process had, and what it had before it began, in MB. */
  readonly peak: number;
  readonly idle: number;
  readonly deployed: number;
  /** Bytes of the worker's answer, of which a state machine takes 256 KiB. */
  readonly output: number;
}

const release: Release = {
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  app: 'shop',
  stage: 'dev',
  commit: '2'.repeat(40),
  force: false,
  trigger: { type: 'push', id: 'event' },
  repository: { provider: 'codecommit', name: 'shop' },
  target: {
    account: '123456789012',
    region: 'eu-central-1',
    externalId: 'seedbed',
    deployRoleArn: 'arn:aws:iam::123456789012:role/seedbed-deploy',
    executionRoleArn: 'arn:aws:iam::123456789012:role/seedbed-cloudformation',
  },
  shift: NO_STAGE_SHIFT,
  requestedAt: '2026-01-02T03:04:05.678Z',
};

/** Runs the worker `plan` once over a repository of which every file changed; its calls cost nothing here. */
async function main(services: number, files: number): Promise<PlanFigures> {
  const paths = Array.from({ length: services }, (_, index) => `teams/team-${index % 25}/services/service-${index}`);
  const tree = Array.from({ length: files }, (_, index) => {
    const path = paths[index % services]!;
    const number = Math.floor(index / services);
    if (number === 0) return `${path}/serverless.yml`;
    // One in fifty lies in a directory that all share: every service has several reasons.
    return number % 50 === 1
      ? `libs/lib-${index % 9}/part-${index}.ts`
      : `${path}/src/part-${number % 9}/file-${index}.ts`;
  });
  const states = memoryServiceStates();
  const deployed = { status: 'deployed', commit: '1'.repeat(40) } as const satisfies Partial<ServiceState>;
  for (const path of paths.slice(0, files)) {
    const record = { path, status: 'deployed' as const, planned: [], functions: [], outputs: {}, durations: {} };
    await states.endService({ ...release, id: '01HZZZZZZZZZZZZZZZZZZZZZZA' }, deployed, record);
  }
  const releases = memoryReleases();
  await releases.accept(release, {});
  await releases.takeLock(release, release.requestedAt);
  const artifacts = memoryArtifacts();
  const ports = {
    states,
    releases,
    artifacts,
    bases: memoryPlannedBases(),
    cloneCredentials: memoryCloneCredentials(),
    environmentStamps: { stamp: async () => undefined },
    target: memoryTarget(artifacts).portsOf,
    now: () => release.requestedAt,
    source: {
      listFiles: async () => tree,
      changedFiles: async () => tree,
      symbolicLinks: async () => new Map(),
      readFile: async () => 'parallel: 20\n',
      cloneToken: async () => undefined,
      cloneUrl: async () => 'https://git.example.com/shop',
    } satisfies Partial<Source> as unknown as Source,
  };
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  const begun = performance.now();
  const output = await plan(ports)({ release });
  const milliseconds = performance.now() - begun;
  return {
    milliseconds,
    peak: Math.round(process.resourceUsage().maxRSS / 1024),
    idle: Math.round(idle / 2 ** 20),
    deployed: output.phases.flat().length,
    output: Buffer.byteLength(JSON.stringify(output)),
  };
}

const [services = '', files = ''] = process.argv.slice(2);
main(Number(services), Number(files)).then((figures) => process.stdout.write(JSON.stringify(figures)));
