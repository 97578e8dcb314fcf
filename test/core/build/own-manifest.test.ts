import { refuseForeign } from '../../../lib/core/build/own-manifest';
import { bundleKey, templateKey } from '../../../lib/core/contracts/keys';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import { aManifest, aRelease } from '../../builders';

const release = aRelease();
const ID = release.id;
const OLDER = '01HZZZZZZZZZZZZZZZZZZZZZZX';
const HASH = 'a'.repeat(64);
const MADE = { stage: 'pr-12', template: 'dev' };

const own = (more: Partial<Manifest> = {}): Manifest => {
  const bundle = { bundle: bundleKey(release, 'api', 'Hello', HASH), contentHash: HASH, codeSha256: 'x', size: 1 };
  return {
    ...aManifest(undefined, { service: 'api', stage: release.stage, releaseId: ID }),
    template: templateKey(release, 'api', ID),
    functions: { Hello: { ...bundle, handler: 'h', runtime: 'r' } },
    layers: {},
    assets: {},
    ...more,
  };
};
const withBundle = (bundle: string): Partial<Manifest> => ({
  layers: { Other: { ...own().functions.Hello!, bundle } },
});

describe('refuseForeign', () => {
  it.each([
    ['of the release itself', {}],
    [
      'whose template and bundles are of an earlier release of the service',
      { template: templateKey(release, 'api', OLDER) },
    ],
    ['with a bundle that functions share', withBundle(bundleKey(release, 'api', '_shared', HASH))],
  ])('takes a manifest %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, { service: 'api' })).not.toThrow();
  });

  it('takes a manifest of the root service', () => {
    const bundle = { ...own().functions.Hello!, bundle: bundleKey(release, '.', 'Hello', HASH) };
    const manifest = own({ service: '.', template: templateKey(release, '.', ID), functions: { Hello: bundle } });
    expect(() => refuseForeign(manifest, release, { service: '.' })).not.toThrow();
  });

  it.each<[string, Partial<Manifest>]>([
    ['another app', { app: 'blog' }],
    ['another service', { service: 'web' }],
    ['another stage', { stage: 'prod' }],
    ['another release', { releaseId: OLDER }],
  ])('refuses a manifest of %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, { service: 'api' })).toThrow(
      /^packages\/shop\/dev\/api\/.*manifest\.json: \w+ is ".*", not "/,
    );
  });

  it.each(['Seedbed', 'SeedbedApps', 'SeedbedApps-b', 'SeedbedTarget', 'SeedbedTarget-123456789012', 'CDKToolkit'])(
    'leaves the stack %s to the platform',
    (stackName) =>
      expect(() => refuseForeign(own({ stackName }), release, { service: 'api' })).toThrow(
        expect.objectContaining({ code: 'StackNameTaken' }),
      ),
  );

  it.each<[string, Partial<Manifest>]>([
    ['a bundle of another app', withBundle(bundleKey({ ...release, app: 'blog' }, 'api', 'Hello', HASH))],
    [
      'a bundle of an app whose name begins alike',
      withBundle(bundleKey({ ...release, app: 'shop-admin' }, 'api', 'Hello', HASH)),
    ],
    ['a bundle of another service', withBundle(bundleKey(release, 'web', 'Hello', HASH))],
    ['a bundle of a service in a directory below', withBundle(bundleKey(release, 'api/internal', 'Hello', HASH))],
    ['a bundle of another stage', withBundle(bundleKey({ ...release, stage: 'prod' }, 'api', 'Hello', HASH))],
    [
      'a bundle of a stage whose name begins alike',
      withBundle(bundleKey({ ...release, stage: 'dev-2' }, 'api', 'Hello', HASH)),
    ],
    ['a bundle of a stage made of this one', withBundle(bundleKey({ ...release, ...MADE }, 'api', 'Hello', HASH))],
    ['a bundle from before stages were kept apart', withBundle(`bundles/shop/api/Hello/${HASH}.zip`)],
    ['a bundle on a way round', withBundle(`bundles/shop/dev/api/../../blog/${HASH}.zip`)],
    ['a bundle with the service above', withBundle('bundles/shop/dev/api/../x.zip')],
    ['a bundle that is no bundle', withBundle(templateKey(release, 'api', ID))],
    ['the template of another app', { template: templateKey({ ...release, app: 'blog' }, 'api', ID) }],
    ['the template of another service', { template: templateKey(release, 'web', ID) }],
    ['the template of another stage', { template: templateKey({ ...release, stage: 'prod' }, 'api', ID) }],
    ['the template of a stage made of this one', { template: templateKey({ ...release, ...MADE }, 'api', ID) }],
    ['a template from before stages were kept apart', { template: `packages/shop/api/${ID}/template.json` }],
    ['a template that is a bundle', { template: bundleKey(release, 'api', 'Hello', HASH) }],
  ])('refuses %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, { service: 'api' })).toThrow(
      expect.objectContaining({ code: 'ManifestInvalid' }),
    );
  });

  it('refuses, of a made stage, what is of the stage whose settings it has', () => {
    const made = { ...release, ...MADE };
    const manifest = own({ stage: 'pr-12', template: templateKey(made, 'api', ID) });
    expect(() => refuseForeign(manifest, made, { service: 'api' })).toThrow(
      /the bundle of Hello is "bundles\/shop\/dev\/api/,
    );
  });

  describe('on a rollback', () => {
    const rollback = { ...release, rollback: { to: OLDER } };

    it('takes what was recorded before stages were kept apart, which is not below the name of a stage', () => {
      const bundle = { ...own().functions.Hello!, bundle: `bundles/shop/api/Hello/${HASH}.zip` };
      const manifest = own({ template: `packages/shop/api/${OLDER}/template.json`, functions: { Hello: bundle } });
      expect(() => refuseForeign(manifest, rollback, { service: 'api' })).not.toThrow();
    });

    it.each<[string, Partial<Manifest>]>([
      ['another stage', { stage: 'prod' }],
      ['a bundle of another app', withBundle(`bundles/blog/api/Hello/${HASH}.zip`)],
      ['a bundle on a way round', withBundle(`bundles/shop/api/../../blog/${HASH}.zip`)],
      ['a template that is a bundle', { template: `bundles/shop/api/Hello/${HASH}.zip` }],
    ])('refuses %s', (_, more) => {
      expect(() => refuseForeign(own(more), rollback, { service: 'api' })).toThrow(
        expect.objectContaining({ code: 'ManifestInvalid' }),
      );
    });
  });
});
