import * as fc from 'fast-check';
import { releaseExecutionName, serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import { aRelease, RELEASE_ID } from '../../builders';
import { runs } from '../../runs';

const VALID = /^[A-Za-z0-9_-]{1,80}$/;

describe('the name of an execution', () => {
  const release = aRelease({ commit: '1a2b3c4d'.repeat(5) });

  it('tells app, stage, commit and release', () => {
    expect(releaseExecutionName(release)).toBe(`shop-dev-1a2b3c4-${RELEASE_ID}`);
  });

  it.each([
    ['orders', 'orders'],
    ['services/orders-api', 'services_orders-api'],
    ['.', '_'],
  ])('tells the service %j as %j', (path, slug) => {
    expect(serviceExecutionName(release, path)).toBe(`shop-dev-${slug}-1a2b3c4-${RELEASE_ID}`);
  });

  it.each([
    ['a_b', /^shop-dev-a_b__[0-9a-f]{10}-/],
    ['größe/v2.0', /^shop-dev-gr--e_v2-0__[0-9a-f]{10}-/],
    ['services/a-very-long-name-of-a-service', /^shop-dev-services_a-very-lo\S*__[0-9a-f]{10}-/],
  ])('marks what it could not keep of %j', (path, name) => {
    expect(serviceExecutionName(release, path)).toMatch(name);
  });

  it('keeps the beginnings of long names', () => {
    const long = aRelease({ app: 'the-shop-with-a-really-long-name', stage: 'a-stage-of-the-very-same-length-' });
    expect(releaseExecutionName(long)).toMatch(/^the-shop-with-a-really-a-stage-of-the-very-s/);
    expect(serviceExecutionName(long, 'services/orders-api')).toMatch(
      /^the-shop-w\S*-a-stage-of\S*-services_orders-api-/,
    );
  });
});

describe('every name of an execution', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);
  const id = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  const part = fc
    .oneof(fc.stringMatching(/^[a-z_-]{1,8}$/), fc.stringMatching(/^[^/\s]{1,40}$/))
    .filter((text) => text !== '.');
  const path = fc.oneof(
    fc.constant('.'),
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
  );
  const release = fc.record({ id, app: name, stage: name }).map((more) => aRelease(more));

  it('is one that Step Functions takes, and ends in the release’s id', () => {
    fc.assert(
      fc.property(release, path, (release, path) => {
        for (const made of [releaseExecutionName(release), serviceExecutionName(release, path)]) {
          expect(made).toMatch(VALID);
          expect(made.endsWith(`-${release.id}`)).toBe(true);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('is one service’s alone', () => {
    fc.assert(
      fc.property(release, fc.uniqueArray(path, { minLength: 2, maxLength: 20 }), (release, paths) => {
        expect(new Set(paths.map((one) => serviceExecutionName(release, one))).size).toBe(paths.length);
      }),
      { numRuns: runs(300) },
    );
  });

  it.each([
    [['a/b', 'a_b', 'a-b', 'a.b', 'a~b', 'A/b']],
    [['.', '_', 'root']],
    [['x'.repeat(100), 'x'.repeat(101), `${'x'.repeat(100)}/y`]],
    [['ü', 'u', 'ue', 'u\u0308']],
  ])('is one service’s alone among %j', (paths) => {
    expect(new Set(paths.map((one) => serviceExecutionName(aRelease(), one))).size).toBe(paths.length);
  });
});
