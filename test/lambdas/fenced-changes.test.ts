import { releaseNotRunning } from '../../lib/core/record/fencing';
import { beforeChanges, provedTarget } from '../../lib/memory/proved-target';
import type { WorldPorts } from './deploy/service-world';
import { removalWorld } from './remove/removal-world';

/** A change of the target: the port and its method. */
type Change = string;

/** A service whose release loses its lock just before one of its changes. */
function losingWorld() {
  const changes: Change[] = [];
  let left = Number.POSITIVE_INFINITY;
  const fence = {
    async prove(release: Parameters<typeof releaseNotRunning>[0]) {
      left -= 1;
      if (left < 0) throw releaseNotRunning(release);
    },
  };
  const world = removalWorld((ports: WorldPorts) => ({
    ...ports,
    target: provedTarget(
      beforeChanges(ports.target, (_, change) => changes.push(change)),
      fence,
    ),
  }));
  return {
    ...world,
    changes,
    /** @param after so many more changes the lock is lost; never if it is not given */
    loseLock: (after = Number.POSITIVE_INFINITY) => {
      left = after;
      changes.length = 0;
    },
  };
}
type World = ReturnType<typeof losingWorld>;

const A = { functions: { List: 'list A', Create: 'create A' } };
const B = { functions: { List: 'list B', Create: 'create B' } };
/** Only functions that somebody invokes shift. */
const RULE = {
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }] },
  },
};
const BUCKET = { Files: { Type: 'AWS::S3::Bucket', Properties: {} } };
const GRADUAL = { stage: { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: false } } as const;

interface Way {
  /** What is deployed before. */
  readonly before?: (world: World) => Promise<unknown>;
  readonly release: (world: World) => Promise<{ readonly error?: unknown }>;
  /** Changes that it makes, among others. */
  readonly makes: readonly Change[];
}

/** Ways through all workers that change targets. */
const WAYS: Readonly<Record<string, Way>> = {
  'a first release': { release: (world) => world.release(A), makes: ['stacks.create'] },
  'a full release': {
    before: (world) => world.release(A),
    release: (world) => world.release({ ...B, environment: 'other' }),
    makes: ['stacks.update', 'functions.moveAlias'],
  },
  'an incremental release': {
    before: (world) => world.release(A),
    release: (world) => world.release(B),
    makes: ['functions.updateCode', 'functions.moveAlias'],
  },
  'a gradual shift': {
    before: (world) => world.release({ ...A, resources: RULE }, GRADUAL),
    release: (world) => world.release({ ...B, resources: RULE }, GRADUAL),
    makes: ['functions.updateCode', 'shifts.ensureGroups', 'shifts.start', 'shifts.reportHook'],
  },
  'a rollback': {
    before: async (world) => {
      await world.release(A);
      await world.release(B);
    },
    release: (world) => world.rollBack(1),
    makes: ['functions.moveAlias'],
  },
  'a removal': {
    before: async (world) => {
      await world.release({ ...A, resources: BUCKET });
      for (const bucket of world.buckets.all.keys()) world.buckets.put(bucket, 'a');
    },
    release: (world) => world.remove({ emptyBuckets: true }),
    makes: ['buckets.delete', 'stacks.delete'],
  },
};

async function take({ before, release }: Way, changes?: number) {
  const world = losingWorld();
  await before?.(world);
  world.loseLock(changes);
  const end = await release(world).catch((error: unknown) => ({ error }));
  return { made: [...world.changes], error: end.error };
}

describe.each(Object.entries(WAYS))('%s', (_, way) => {
  it('changes what it should', async () => {
    const { made, error } = await take(way);
    expect(error).toBeUndefined();
    expect(made).toEqual(expect.arrayContaining([...way.makes]));
  });

  it('changes nothing more once its release has lost the lock, before whichever change that is', async () => {
    const all = (await take(way)).made.length;
    for (let changes = 0; changes < all; changes += 1) {
      const { made, error } = await take(way, changes);
      expect({ changes, made: made.length, error }).toMatchObject({
        changes,
        made: changes,
        error: { name: 'ReleaseSuperseded' },
      });
    }
  });
});
