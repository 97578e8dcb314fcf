import { refuseForeign } from '../../../lib/core/build/own-manifest';
import { bundleKey, templateKey } from '../../../lib/core/contracts/keys';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import { aManifest, aRelease } from '../../builders';

const release = aRelease();
const ID = release.id;
const OLDER = '01HZZZZZZZZZZZZZZZZZZZZZZX';
const HASH = 'a'.repeat(64);

const own = (more: Partial<Manifest> = {}): Manifest => {
  const bundle = { bundle: bundleKey('shop', 'api', 'Hello', HASH), contentHash: HASH, codeSha256: 'x', size: 1 };
  return {
    ...aManifest(undefined, { service: 'api', stage: release.stage, releaseId: ID }),
    template: templateKey('shop', 'api', ID),
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
      { template: templateKey('shop', 'api', OLDER) },
    ],
    ['with a bundle that functions share', withBundle(bundleKey('shop', 'api', '_shared', HASH))],
  ])('takes a manifest %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, 'api')).not.toThrow();
  });

  it('takes a manifest of the root service', () => {
    const bundle = { ...own().functions.Hello!, bundle: bundleKey('shop', '.', 'Hello', HASH) };
    const manifest = own({ service: '.', template: templateKey('shop', '.', ID), functions: { Hello: bundle } });
    expect(() => refuseForeign(manifest, release, '.')).not.toThrow();
  });

  it.each<[string, Partial<Manifest>]>([
    ['another app', { app: 'blog' }],
    ['another service', { service: 'web' }],
    ['another stage', { stage: 'prod' }],
    ['another release', { releaseId: OLDER }],
  ])('refuses a manifest of %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, 'api')).toThrow(
      /^packages\/shop\/api\/.*manifest\.json: \w+ is ".*", not "/,
    );
  });

  it.each(['Seedbed', 'SeedbedApps', 'SeedbedApps-b', 'SeedbedTarget', 'SeedbedTarget-123456789012', 'CDKToolkit'])(
    'leaves the stack %s to the platform',
    (stackName) =>
      expect(() => refuseForeign(own({ stackName }), release, 'api')).toThrow(
        expect.objectContaining({ code: 'StackNameTaken' }),
      ),
  );

  it.each<[string, Partial<Manifest>]>([
    ['a bundle of another app', withBundle(bundleKey('blog', 'api', 'Hello', HASH))],
    ['a bundle of an app whose name begins alike', withBundle(bundleKey('shop-admin', 'api', 'Hello', HASH))],
    ['a bundle of another service', withBundle(bundleKey('shop', 'web', 'Hello', HASH))],
    ['a bundle of a service in a directory below', withBundle(bundleKey('shop', 'api/internal', 'Hello', HASH))],
    ['a bundle on a way round', withBundle(`bundles/shop/api/../../blog/${HASH}.zip`)],
    ['a bundle with the service above', withBundle('bundles/shop/api/../x.zip')],
    ['a bundle that is no bundle', withBundle(templateKey('shop', 'api', ID))],
    ['the template of another app', { template: templateKey('blog', 'api', ID) }],
    ['the template of another service', { template: templateKey('shop', 'web', ID) }],
    ['a template that is a bundle', { template: bundleKey('shop', 'api', 'Hello', HASH) }],
  ])('refuses %s', (_, more) => {
    expect(() => refuseForeign(own(more), release, 'api')).toThrow(
      expect.objectContaining({ code: 'ManifestInvalid' }),
    );
  });
});
