import { answering, aService, type Files, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { custom, failing } from './custom-resource';
import { answersOf, ask, codeOf, everywhere, invoke } from './live';

jest.setTimeout(PATIENCE);

/** One service through updates of both kinds, failures and repairs; a second one whose very first deploy fails. */
const STACK = 'sequences-api-dev';
const API: ServiceOptions = {
  path: 'api',
  name: 'sequences-api',
  api: true,
  functions: { hello: 'hello A', bye: 'bye A' },
};
const LATE: ServiceOptions = { path: 'late', name: 'sequences-late', functions: { late: 'better late' } };

/** serverless.yml of a service with some more in it. */
const changed = (service: ServiceOptions, more: Partial<ServiceOptions>): Files => ({
  [`${service.path}/serverless.yml`]: serverlessYml({ ...service, ...more }),
});

let app: AnApp;
const snapshot = async (seen: Seen) => ({
  ...seen,
  hello: await answersOf(STACK, 'hello'),
  code: await codeOf(`${STACK}-hello`),
  live: await codeOf(`${STACK}-hello`, 'live'),
});
type Snapshot = Awaited<ReturnType<typeof snapshot>>;
let first: Snapshot;
let direct: Snapshot;
let back: Snapshot;
let ahead: Snapshot;
let broken: Snapshot & { readonly late?: string };
let mended: Snapshot & { readonly late?: string };
let swapped: Snapshot & { readonly bye: string; readonly extra: string };

beforeAll(async () => {
  app = await anApp('sequences');
  const deploy = async (files: Files) => snapshot(await app.deploy(files));
  const variable = { environment: { GREETING: 'warm' } };
  first = await deploy(aService(API));
  direct = await deploy({ 'api/hello.js': answering('hello B') });
  back = await deploy({ 'api/hello.js': answering('hello A'), ...changed(API, variable) });
  ahead = await deploy({ 'api/hello.js': answering('hello C') });
  broken = await snapshot(
    await app.release({
      'api/hello.js': answering('hello D'),
      'api/custom.js': custom,
      ...changed(API, { ...variable, ...failing('vouchers are sold out', ['HelloLambdaFunction']) }),
      ...aService(LATE),
      'late/custom.js': custom,
      ...changed(LATE, failing('too early', ['LateLambdaFunction'])),
    }),
  );
  mended = {
    ...(await deploy({ ...changed(API, variable), ...changed(LATE, {}) })),
    late: await invoke('sequences-late-dev-late', 'live'),
  };
  const { hello } = API.functions;
  swapped = {
    ...(await deploy({
      'api/bye.js': null,
      'api/extra.js': answering('extra'),
      ...changed(API, { ...variable, functions: { hello: hello!, extra: 'extra' } }),
    })),
    bye: await ask(STACK, '/bye'),
    extra: await ask(STACK, '/extra'),
  };
}, PATIENCE);
afterAll(() => app.remove());

const codes = ({ services }: Seen, path = 'api') => services[path]?.decision?.reasons.map(({ code }) => code);

describe('A, then B directly, then A again with another environment variable', () => {
  it('updates B directly', () => {
    expect(direct.services.api!.decision!.kind).toBe('incremental');
    expect(direct.hello).toEqual(everywhere('hello B'));
  });

  it('leaves A running everywhere, though CloudFormation saw no change of code', () => {
    expect(back.services.api!.decision!.kind).toBe('full');
    expect(codes(back)).toEqual(expect.arrayContaining(['template-changed', 'function-code-changed']));
    expect(back.hello).toEqual(everywhere('hello A'));
    expect(back.code.sha256).toBe(first.code.sha256);
    expect(back.live.sha256).toBe(first.code.sha256);
  });
});

describe('a template that fails on deployment, after a direct update', () => {
  it('fails the release with the first resource that failed and its reason', () => {
    expect(broken.status).toBe('failed');
    expect(broken.error).toEqual({
      code: 'ServiceFailed',
      message: expect.stringMatching(/service "api": .*Hurdle \(Custom::Hurdle\): .*vouchers are sold out/),
    });
    expect(broken.services.api).toMatchObject({
      status: 'failed',
      error: { code: 'StackFailed', message: expect.stringContaining('the stack was rolled back') },
    });
  });

  it('leaves what was deployed last running everywhere, not what CloudFormation rolled back to', () => {
    expect(ahead.services.api!.decision!.kind).toBe('incremental');
    expect(broken.hello).toEqual(everywhere('hello C'));
    expect(broken.code.sha256).toBe(ahead.code.sha256);
    expect(broken.live).toEqual(ahead.live);
  });

  it('makes the next push a full one, which works', () => {
    expect(mended.status).toBe('succeeded');
    expect(mended.services.api!.decision!.kind).toBe('full');
    expect(codes(mended)).toContain('previous-release-failed');
    expect(mended.hello).toEqual(everywhere('hello D'));
  });
});

describe('a first deploy that fails', () => {
  it('is recorded beside the other services', () => {
    expect(broken.services.late).toMatchObject({ status: 'failed', error: { code: 'StackFailed' } });
    expect(broken.services.late!.error!.message).toContain('too early');
  });

  it('is made anew by the next good push', () => {
    expect(codes(mended, 'late')).toEqual(['first-release', 'previous-release-failed']);
    expect(mended.services.late!.status).toBe('deployed');
    expect(mended.late).toBe('better late');
  });
});

describe('a function removed and another added', () => {
  it('deploys the service in full', () => {
    expect(swapped.services.api!.decision!.kind).toBe('full');
    expect(codes(swapped)).toEqual(expect.arrayContaining(['function-added', 'function-removed']));
    expect(swapped.services.api!.functions.map(({ logicalId }) => logicalId).sort()).toEqual([
      'ExtraLambdaFunction',
      'HelloLambdaFunction',
    ]);
  });

  it('takes the one from the API and puts the other there', async () => {
    expect(swapped.bye).toMatch(/^404/);
    expect(swapped.extra).toBe('extra');
    expect(swapped.hello).toEqual(everywhere('hello D'));
    await expect(codeOf(`${STACK}-bye`)).rejects.toThrow('not found');
  });
});
