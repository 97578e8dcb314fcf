import { DeleteFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { s3Client } from '../../lib/aws/clients/s3';
import { manifestKey } from '../../lib/core/contracts/keys';
import { Manifest } from '../../lib/core/contracts/manifest';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import { aGate, type Gate } from './a-gate';
import { answering, aService, type Files, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { custom, held } from './custom-resource';
import { answersOf, ask, codeOf, everywhere } from './live';

jest.setTimeout(PATIENCE);

/** What people do by hand to functions and bundles, before and while a release runs. */
const STACK = 'hands-dev';
const SERVICE: ServiceOptions = {
  path: '.',
  name: 'hands',
  api: true,
  functions: { hello: 'hello A', bye: 'bye A' },
};
const FUNCTIONS = ['HelloLambdaFunction', 'ByeLambdaFunction'];
const lambda = lambdaClient();
const s3 = s3Client();

let app: AnApp;
let gate: Gate;
let bucket: string;
/** serverless.yml with a resource that CloudFormation waits for; each time another one, or it would not be updated. */
let hurdles = 0;
const withHurdle = (service = SERVICE): string => {
  hurdles += 1;
  return serverlessYml({ ...service, ...held(`${gate.url('hurdle')}?${hurdles}`, FUNCTIONS) });
};
const snapshot = async (seen: Seen) => ({
  ...seen,
  hello: await answersOf(STACK, 'hello'),
  code: await codeOf(`${STACK}-hello`),
  live: await codeOf(`${STACK}-hello`, 'live'),
});
type Snapshot = Awaited<ReturnType<typeof snapshot>>;
let overwritten: Snapshot;
let corrupt: Snapshot & { readonly key: string; readonly bye: string };
let missing: Snapshot & { readonly key: string };
let deletedMeanwhile: Snapshot;
let deleted: Snapshot;
let takenOut: Snapshot;
let putBack: Snapshot & { readonly bye: string };

/** Pushes, and does something while CloudFormation waits, when the code of all functions has been replaced. */
async function releaseWith(files: Files, meanwhile: (key: ReleaseKey) => Promise<void>): Promise<Snapshot> {
  const key = await app.releaseOf(await app.push({ ...files, 'serverless.yml': withHurdle() }));
  const visitor = await gate.next('hurdle');
  await meanwhile(key);
  visitor.go();
  return snapshot(await app.ended(key));
}

/** Changes the code of a function as one does in the console. */
const overwrite = (name: string) =>
  lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: name,
      ZipFile: zipSync({ 'hello.js': strToU8(answering('by hand')) }),
    }),
  );

/** @returns the key of the bundle that a release has built of the function `hello`. */
async function bundleOf(release: ReleaseKey): Promise<string> {
  const manifest = await s3Artifacts(s3, bucket).readJson(manifestKey(release, '.', release.id), Manifest);
  return manifest!.functions.HelloLambdaFunction!.bundle;
}

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('hands'), aGate()]);
  bucket = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!.ArtifactBucket!;
  await app.deploy(aService(SERVICE));

  await overwrite(`${STACK}-hello`);
  overwritten = await snapshot(await app.deploy({ 'hello.js': answering('hello B') }));

  // The function is changed once more, so that the release has to take the bundle from the bucket.
  let key = '';
  const changes = { 'hello.js': answering('hello C'), 'bye.js': answering('bye C'), 'custom.js': custom };
  const run = await releaseWith(changes, async (release) => {
    key = await bundleOf(release);
    await overwrite(`${STACK}-hello`);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: zipSync({ 'hello.js': strToU8('bad') }) }));
  });
  corrupt = { ...run, key, bye: await ask(STACK, '/bye') };
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));

  const again = await releaseWith({}, async (release) => {
    key = await bundleOf(release);
    await overwrite(`${STACK}-hello`);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  });
  missing = { ...again, key };

  deletedMeanwhile = await releaseWith({ 'hello.js': answering('hello C, again') }, async () => {
    await lambda.send(new DeleteFunctionCommand({ FunctionName: `${STACK}-bye` }));
  });
  const withoutHurdle = { 'serverless.yml': serverlessYml(SERVICE), 'custom.js': null };
  deleted = await snapshot(await app.release({ ...withoutHurdle, 'hello.js': answering('hello D') }));
  const { hello } = SERVICE.functions;
  takenOut = await snapshot(
    await app.deploy({ 'serverless.yml': serverlessYml({ ...SERVICE, functions: { hello: hello! } }) }),
  );
  const back = await snapshot(await app.deploy({ 'serverless.yml': serverlessYml(SERVICE) }));
  putBack = { ...back, bye: await ask(STACK, '/bye') };
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

const codes = ({ services }: Seen) => services['.']!.decision!.reasons.map(({ code }) => code);
const errorOf = ({ services }: Seen) => services['.']!.error;

describe('code that someone changed by hand', () => {
  it('makes the next change of the function a full deploy that says why', () => {
    expect(overwritten.services['.']!.decision!.kind).toBe('full');
    expect(overwritten.services['.']!.decision!.reasons).toContainEqual({
      code: 'function-changed-by-hand',
      message: 'HelloLambdaFunction was changed by hand: its code is not what was deployed',
    });
    expect(overwritten.hello).toEqual(everywhere('hello B'));
  });
});

describe('a bundle that was replaced in the bucket', () => {
  it('fails the release with the function, the key and what to do', () => {
    expect(errorOf(corrupt)!.code).toBe('BundleCorrupt');
    expect(errorOf(corrupt)!.message).toContain(`the bundle of function HelloLambdaFunction (${corrupt.key}) has`);
    expect(errorOf(corrupt)!.message).toContain('delete that object');
  });

  it('moves no alias: also the functions that were ready answer as before', () => {
    expect(corrupt.live).toEqual(overwritten.live);
    expect(corrupt.hello).toMatchObject({ alias: 'hello B', api: 'hello B' });
    expect(corrupt.bye).toBe('bye A');
  });
});

describe('a bundle that is gone from the bucket', () => {
  it('fails the release with the function and the key', () => {
    expect(codes(missing)).toContain('previous-release-failed');
    expect(errorOf(missing)).toEqual({
      code: 'BundleMissing',
      message: expect.stringMatching(new RegExp(`function HelloLambdaFunction .*${missing.key}.*release again`)),
    });
  });

  it('moves no alias', () => {
    expect(missing.live).toEqual(overwritten.live);
    expect(missing.hello).toMatchObject({ alias: 'hello B', api: 'hello B' });
  });
});

describe('a function that someone deleted', () => {
  it('while a release runs: the release fails, no alias moves, and the code of the others is put back', () => {
    expect(errorOf(deletedMeanwhile)).toMatchObject({
      code: 'FunctionMissing',
      message: expect.stringContaining('"hands-dev-bye"'),
    });
    expect(deletedMeanwhile.hello).toEqual(everywhere('hello B'));
    expect(deletedMeanwhile.code.sha256).toBe(overwritten.code.sha256);
    expect(deletedMeanwhile.live).toEqual(overwritten.live);
  });

  it('makes the next release say what to do, and touch nothing', () => {
    expect(errorOf(deleted)).toMatchObject({
      code: 'FunctionMissing',
      message: expect.stringContaining('take it out of serverless.yml, release, put it back and release once more'),
    });
    expect(deleted.hello).toEqual(everywhere('hello B'));
  });

  it('comes back the way that the message tells', () => {
    expect([takenOut.status, putBack.status]).toEqual(['succeeded', 'succeeded']);
    expect(takenOut.hello).toEqual(everywhere('hello D'));
    expect(putBack.bye).toBe('bye C');
  });
});
