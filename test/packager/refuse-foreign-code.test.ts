import type { NativeFile } from '../../lib/core/build/native-code';
import { asTemplate } from '../../lib/core/template/template';
import { packageArchitecture, refuseForeignCode } from '../../lib/packager/refuse-foreign-code';

const OF = { app: 'shop', stage: 'pr-1', template: 'dev' };
const fn = (Architectures?: unknown) => ({
  Type: 'AWS::Lambda::Function',
  Properties: Architectures === undefined ? {} : { Architectures },
});
const layer = (CompatibleArchitectures?: unknown) => ({
  Type: 'AWS::Lambda::LayerVersion',
  Properties: CompatibleArchitectures === undefined ? {} : { CompatibleArchitectures },
});
const ADDON = 'node_modules/bcrypt/build/Release/bcrypt.node';
const check = (
  resources: Record<string, object>,
  runsOn: NativeFile['runsOn'],
  { logicalId = 'Hello', kind = 'function' as 'function' | 'layer' | 'asset' } = {},
) =>
  refuseForeignCode(
    asTemplate({ Resources: resources }),
    [{ kind, logicalId, bundle: { native: [{ path: ADDON, runsOn }] } }],
    OF,
  );

describe('native code of a package', () => {
  it('runs on x86_64 where a function does not say', () => {
    expect(() => check({ Hello: fn() }, 'x86_64')).not.toThrow();
    expect(() => check({ Hello: fn(['arm64']) }, 'arm64')).not.toThrow();
  });

  it('is refused for the other processor, with the function, the file and what to set', () => {
    expect(() => check({ Hello: fn() }, 'arm64')).toThrow(
      expect.objectContaining({
        code: 'PackageFailed',
        message:
          `Hello runs on x86_64, but its bundle has native code for arm64: ${ADDON}. Build it on x86_64 (set ` +
          '"architecture: x86_64" in "apps.shop.stages.dev.build" of seedbed.yml), install it for that processor, give ' +
          'the function the other "architecture" in serverless.yml, or leave it out of the package',
      }),
    );
    expect(() => check({ Hello: fn(['arm64']) }, 'x86_64')).toThrow('Hello runs on arm64');
    expect(() => check({ Hello: fn() }, 'other')).toThrow('native code for another processor');
  });

  it('is judged for each function by itself where a service has both', () => {
    const both = { Hello: fn(['arm64']), Bye: fn() };
    expect(() => check(both, 'arm64')).not.toThrow();
    expect(() => check(both, 'arm64', { logicalId: 'Bye' })).toThrow('Bye runs on x86_64');
  });

  it('of a layer is for what the layer says, else for the service’s functions', () => {
    const of = { logicalId: 'Libs', kind: 'layer' as const };
    expect(() => check({ Libs: layer(['arm64']), Hello: fn() }, 'arm64', of)).not.toThrow();
    expect(() => check({ Libs: layer(['arm64', 'x86_64']) }, 'arm64', of)).toThrow('Libs runs on x86_64');
    expect(() => check({ Libs: layer(), Hello: fn() }, 'arm64', of)).toThrow('Libs runs on x86_64');
    expect(() => check({ Libs: layer(), Hello: fn(), Bye: fn(['arm64']) }, 'arm64', of)).not.toThrow();
  });

  it('is let pass where only CloudFormation knows the processor', () => {
    expect(() => check({ Hello: fn([{ Ref: 'Processor' }]) }, 'arm64')).not.toThrow();
  });
});

describe('the architecture of a package', () => {
  const of = (resources: Record<string, object>, withNative: readonly string[] = []) =>
    packageArchitecture(
      asTemplate({ Resources: resources }),
      Object.keys(resources).map((logicalId) => ({
        kind: 'function',
        logicalId,
        bundle: { native: withNative.includes(logicalId) ? [{ path: ADDON, runsOn: 'arm64' }] : [] },
      })),
    );

  it('is that of its functions', () => {
    expect(of({ Hello: fn(['arm64']), Bye: fn(['arm64']) })).toBe('arm64');
    expect(of({ Hello: fn() })).toBe('x86_64');
  });

  it('is that of its functions with native code, where functions differ', () => {
    expect(of({ Hello: fn(['arm64']), Bye: fn() }, ['Hello'])).toBe('arm64');
  });

  it('is that of functions that do not say, where it cannot be told', () => {
    expect(of({ Hello: fn(['arm64']), Bye: fn() })).toBe('x86_64');
    expect(of({ Hello: fn([{ Ref: 'Processor' }]) })).toBe('x86_64');
    expect(of({ Table: { Type: 'AWS::DynamoDB::Table' } })).toBe('x86_64');
  });
});
