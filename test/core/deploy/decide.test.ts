import * as fc from 'fast-check';
import type { LiveReadings } from '../../../lib/core/contracts/live-reading';
import type { DeployedPackage, Manifest } from '../../../lib/core/contracts/manifest';
import { type DecideInput, decide } from '../../../lib/core/deploy/decide';
import { diffPackages } from '../../../lib/core/deploy/package-diff';
import { aCodeSha256, aDeployedPackage, aFunctionBundle, aHash, aManifest, aServiceState } from '../../builders';
import { runs } from '../../runs';

const aBundle = (id: string, content: string) => {
  const { handler: _, runtime: __, ...bundle } = aFunctionBundle(id, content);
  return bundle;
};

/** Readings of every function of a deployed package, exactly as recorded. */
const asRecorded = (deployed: DeployedPackage): LiveReadings =>
  Object.fromEntries(
    Object.entries(deployed.functions).map(([id, { codeSha256, version }]) => [
      id,
      { codeSha256, version, revisionId: `revision-of-${id}` },
    ]),
  );

/** `manifest` against a deployed `aManifest()`, with everything live as recorded. */
const given = (manifest: Manifest, more: Partial<DecideInput> = {}): DecideInput => {
  const deployed = aDeployedPackage();
  return {
    previous: { state: aServiceState(), deployed },
    manifest,
    live: asRecorded(deployed),
    stage: 'dev',
    force: false,
    ...more,
  };
};
const codes = (input: DecideInput) => decide(input).reasons.map(({ code }) => code);
const changedCode = aManifest({ List: 'code', Create: 'new code' });

describe('the decision', () => {
  it('skips a package that equals the deployed one', () => {
    expect(decide(given(aManifest()))).toEqual({
      kind: 'skip',
      reasons: [{ code: 'package-unchanged', message: 'the package equals the deployed one' }],
      changedFunctions: [],
    });
  });

  it.each<[string, Partial<Manifest>]>([
    ['incremental is not enabled', { incremental: { enabled: false, disabledFor: [] } }],
    ['incremental is disabled for the stage', { incremental: { enabled: true, disabledFor: ['dev'] } }],
    ['commit and release are others', { commit: 'c'.repeat(40), releaseId: '01J00000000000000000000000' }],
    ['the framework was updated', { framework: { name: 'serverless', version: '3.41.0' } }],
  ])('skips an equal package also when %s', (_, more) => {
    expect(decide(given(aManifest(undefined, more))).kind).toBe('skip');
  });

  it('skips an equal package without functions', () => {
    const manifest = aManifest({});
    const previous = { state: aServiceState(), deployed: aDeployedPackage(manifest) };
    expect(decide(given(manifest, { previous })).kind).toBe('skip');
  });

  it('updates directly when nothing but function code changed, and names the functions', () => {
    const deployed = aDeployedPackage(aManifest({ B: '1', A: '1', C: '1' }));
    const input = given(aManifest({ C: '2', A: '2', B: '1' }), {
      previous: { state: aServiceState(), deployed },
      live: asRecorded(deployed),
    });
    expect(decide(input)).toEqual({
      kind: 'incremental',
      reasons: [{ code: 'function-code-changed', message: 'code changed: A, C' }],
      changedFunctions: ['A', 'C'],
    });
  });

  const changedBundle = {
    List: { ...aFunctionBundle('List'), handler: 'other.handler' },
    Create: aFunctionBundle('Create'),
  };
  it.each<[string, Manifest, string[]]>([
    ['the template', aManifest(undefined, { templateHash: aHash('other') }), ['template-changed']],
    ['the stack name', aManifest(undefined, { stackName: 'other-dev' }), ['template-changed']],
    [
      'a handler, whatever the template’s hash says',
      aManifest(undefined, { functions: changedBundle }),
      ['template-changed'],
    ],
    ['the configuration', aManifest(undefined, { configHash: aHash('other') }), ['config-changed']],
    ['the environment', aManifest(undefined, { environmentHash: aHash('other') }), ['environment-changed']],
    ['a layer that came', aManifest(undefined, { layers: { Libs: aBundle('Libs', 'x') } }), ['layer-changed']],
    ['an asset that came', aManifest(undefined, { assets: { 'Api.Body': aBundle('Api', 'x') } }), ['asset-changed']],
    ['a new function', aManifest({ List: 'code', Create: 'code', Drop: 'code' }), ['function-added']],
    ['a function that went', aManifest({ List: 'code' }), ['function-removed']],
    ['a renamed function', aManifest({ List: 'code', Make: 'code' }), ['function-added', 'function-removed']],
    ['all functions that went', aManifest({}), ['function-removed', 'no-functions']],
  ])('deploys in full for %s', (_, manifest, expected) => {
    expect(decide(given(manifest)).kind).toBe('full');
    expect(codes(given(manifest))).toEqual(expected);
  });

  it.each(['layers', 'assets'] as const)('deploys in full when %s changed or went', (kind) => {
    const before = aManifest(undefined, { [kind]: { One: aBundle('One', '1'), Two: aBundle('Two', '1') } });
    const after = aManifest(undefined, { [kind]: { One: aBundle('One', '2') } });
    const decision = decide(given(after, { previous: { state: aServiceState(), deployed: aDeployedPackage(before) } }));
    expect(decision.kind).toBe('full');
    expect(decision.reasons[0]!.message).toBe(`${kind}: removed Two; changed One`);
  });

  it('gives all reasons of a full deploy, and the changed functions with it', () => {
    const manifest = aManifest(
      { List: 'new', Create: 'code', Drop: 'new' },
      {
        templateHash: aHash('other'),
        configHash: aHash('other'),
        environmentHash: aHash('other'),
        layers: { Libs: aBundle('Libs', 'x') },
        incremental: { enabled: true, disabledFor: ['prod', 'dev'] },
      },
    );
    const state = aServiceState({ status: 'failed' });
    const input = given(manifest, {
      force: true,
      previous: { state, deployed: aDeployedPackage() },
      live: { List: 'missing' },
    });
    expect(codes(input)).toEqual([
      'forced',
      'previous-release-failed',
      'template-changed',
      'config-changed',
      'environment-changed',
      'layer-changed',
      'function-added',
      'function-code-changed',
      'incremental-disabled-for-stage',
      'function-changed-by-hand',
    ]);
    expect(decide(input).changedFunctions).toEqual(['Drop', 'List']);
  });

  it('deploys in full when forced, also an equal package', () => {
    expect(decide(given(aManifest(), { force: true })).kind).toBe('full');
    expect(codes(given(aManifest(), { force: true }))).toEqual(['forced']);
  });

  it.each(['failed', 'deploying'] as const)('deploys in full after a release that was left %s', (status) => {
    const previous = { state: aServiceState({ status }), deployed: aDeployedPackage() };
    expect(codes(given(aManifest(), { previous }))).toEqual(['previous-release-failed']);
  });

  it('deploys a first release in full, with every function', () => {
    const previous = { state: undefined, deployed: undefined };
    expect(decide(given(aManifest(), { previous, live: {} }))).toMatchObject({
      kind: 'full',
      reasons: [{ code: 'first-release' }],
      changedFunctions: ['Create', 'List'],
    });
  });

  it('deploys in full after a first release that failed', () => {
    const state = aServiceState({ status: 'failed', commit: undefined, deployedPackage: undefined });
    const previous = { state, deployed: undefined };
    expect(codes(given(aManifest(), { previous }))).toEqual(['first-release', 'previous-release-failed']);
  });

  it.each<[string, DecideInput['previous']['deployed'], RegExp]>([
    ['is gone', undefined, /no longer in the artifact repository/],
    ['is unreadable', 'unreadable', /cannot be read/],
    [
      'is of another service',
      aDeployedPackage(aManifest(undefined, { service: 'other' })),
      /belongs to another service$/,
    ],
    ['is of another stage', aDeployedPackage(aManifest(undefined, { stage: 'prod' })), /belongs to another stage$/],
    [
      'contradicts itself',
      { ...aDeployedPackage(), functions: { List: { name: 'list', version: '1', codeSha256: aCodeSha256('other') } } },
      /contradicts itself about List$/,
    ],
  ])('deploys in full when the record of the deployed package %s', (_, deployed, message) => {
    const decision = decide(given(aManifest(), { previous: { state: aServiceState(), deployed } }));
    expect(decision.kind).toBe('full');
    expect(decision.reasons).toEqual([{ code: 'state-unreadable', message: expect.stringMatching(message) }]);
  });
});

describe('changed code', () => {
  it.each<[string, Partial<Manifest>, string]>([
    ['incremental is not enabled', { incremental: { enabled: false, disabledFor: [] } }, 'incremental-not-enabled'],
    [
      'the stage is in disabledFor',
      { incremental: { enabled: true, disabledFor: ['prod', 'dev'] } },
      'incremental-disabled-for-stage',
    ],
  ])('is deployed in full when %s', (_, more, code) => {
    const manifest = { ...changedCode, ...more };
    expect(decide(given(manifest)).kind).toBe('full');
    expect(codes(given(manifest))).toEqual(['function-code-changed', code]);
  });

  it('is updated directly in a stage that disabledFor does not name', () => {
    const manifest = { ...changedCode, incremental: { enabled: true, disabledFor: ['prod', 'development'] } };
    expect(decide(given(manifest)).kind).toBe('incremental');
  });

  const live = { codeSha256: aCodeSha256('code'), revisionId: 'r', version: '1' };
  it.each<[string, LiveReadings, RegExp]>([
    [
      'has other code',
      { Create: { ...live, codeSha256: aCodeSha256('hand') } },
      /^Create was changed by hand: its code/,
    ],
    ['serves another version', { Create: { ...live, version: '7' } }, /^Create .* alias points at version 7, not 1$/],
    ['is gone', { Create: 'missing' }, /^Create was deleted by hand$/],
    ['was not read', { List: live }, /^Create could not be compared/],
  ])('is deployed in full when the live function %s', (_, readings, message) => {
    const decision = decide(given(changedCode, { live: readings }));
    expect(decision.kind).toBe('full');
    expect(decision.reasons).toEqual([
      { code: 'function-code-changed', message: 'code changed: Create' },
      { code: 'function-changed-by-hand', message: expect.stringMatching(message) },
    ]);
    expect(decision.changedFunctions).toEqual(['Create']);
  });

  it('is deployed in full when it is code of a function that has no alias', () => {
    const { Create: _, ...functions } = aDeployedPackage().functions;
    const previous = { state: aServiceState(), deployed: { ...aDeployedPackage(), functions } };
    expect(decide(given(changedCode, { previous, live: {} }))).toEqual({
      kind: 'full',
      reasons: [
        { code: 'function-code-changed', message: 'code changed: Create' },
        { code: 'function-not-aliased', message: 'only CloudFormation updates a function that has no alias: Create' },
      ],
      changedFunctions: ['Create'],
    });
    expect(decide(given(aManifest({ List: 'new', Create: 'code' }), { previous })).kind).toBe('incremental');
  });

  it('is updated directly beside functions whose code is not of the package', () => {
    const inline = { name: 'inline', version: '4', codeSha256: aCodeSha256('inline') };
    const deployed = { ...aDeployedPackage(), functions: { ...aDeployedPackage().functions, Inline: inline } };
    const previous = { state: aServiceState(), deployed };
    expect(decide(given(changedCode, { previous })).kind).toBe('incremental');
    expect(decide(given(aManifest(), { previous })).kind).toBe('skip');
  });

  it('is updated directly when the alias was not read', () => {
    const { version: _, ...unversioned } = live;
    expect(decide(given(changedCode, { live: { Create: unversioned } })).kind).toBe('incremental');
  });

  it('is not judged by functions that did not change', () => {
    expect(decide(given(changedCode, { live: { Create: live, List: 'missing' } })).kind).toBe('incremental');
  });

  it('of a function with a name that objects have anyway is seen', () => {
    const deployed = aDeployedPackage(aManifest({ constructor: '1' }));
    const input = given(aManifest({ constructor: '2' }), { previous: { state: aServiceState(), deployed } });
    expect(codes({ ...input, live: {} })).toEqual(['function-code-changed', 'function-changed-by-hand']);
    expect(decide({ ...input, live: asRecorded(deployed) }).kind).toBe('incremental');
    expect(codes(given(aManifest({ ...CODE, constructor: '1' })))).toEqual(['function-added']);
  });
});

const CODE = { List: 'code', Create: 'code' };

describe('every decision', () => {
  const ids = ['A', 'B', 'C', 'constructor'];
  const content = fc.constantFrom('1', '2');
  const mostly = <T>(usual: T, ...unusual: T[]) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...unusual) });
  const bundles = fc.dictionary(fc.constantFrom('L', 'M'), content, { maxKeys: 1, noNullPrototype: true });
  const manifest: fc.Arbitrary<Manifest> = fc
    .record({
      functions: fc.dictionary(fc.constantFrom(...ids), content, { minKeys: 3, noNullPrototype: true }),
      without: mostly(false, true),
      template: mostly('t', 'u'),
      config: mostly('c', 'd'),
      environment: mostly('e', 'f'),
      layers: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: bundles }),
      enabled: mostly(true, false),
      disabledFor: mostly<string[]>([], ['dev'], ['prod']),
    })
    .map(({ functions, without, layers, ...rest }) =>
      aManifest(without ? {} : functions, {
        templateHash: aHash(rest.template),
        configHash: aHash(rest.config),
        environmentHash: aHash(rest.environment),
        layers: Object.fromEntries(Object.entries(layers).map(([id, text]) => [id, aBundle(id, text)])),
        incremental: { enabled: rest.enabled, disabledFor: rest.disabledFor },
      }),
    );
  const state = mostly(
    aServiceState(),
    undefined,
    aServiceState({ status: 'failed' }),
    aServiceState({ status: 'deploying' }),
    aServiceState({ status: 'failed', commit: undefined, deployedPackage: undefined }),
  );
  /** What a person did to the functions behind our back; `as recorded` for most. */
  const tampered = fc.array(mostly('no', 'code', 'version', 'missing', 'unread'), {
    minLength: ids.length,
    maxLength: ids.length,
  });
  const input: fc.Arbitrary<DecideInput> = fc
    .record({
      before: manifest,
      after: manifest,
      /** How `after` came of `before`: not at all, by other code alone, or by anything. */
      change: fc.constantFrom('none', 'code', 'any'),
      code: fc.array(content, { minLength: ids.length, maxLength: ids.length }),
      state,
      record: mostly('kept', 'gone', 'unreadable'),
      tampered,
      force: mostly(false, true),
    })
    .map(({ before, after, change, record, ...rest }) => {
      const recoded = Object.keys(before.functions).map((id) => [id, aFunctionBundle(id, rest.code[ids.indexOf(id)])]);
      const manifests = { none: before, code: { ...before, functions: Object.fromEntries(recoded) }, any: after };
      const deployed = aDeployedPackage(before);
      const readings = Object.entries(asRecorded(deployed)).flatMap(
        ([id, reading]): [string, LiveReadings[string]][] => {
          if (reading === 'missing') return [];
          const how = rest.tampered[ids.indexOf(id)]!;
          if (how === 'unread') return [];
          if (how === 'missing') return [[id, 'missing']];
          if (how === 'code') return [[id, { ...reading, codeSha256: aCodeSha256('hand') }]];
          return [[id, how === 'version' ? { ...reading, version: '99' } : reading]];
        },
      );
      return {
        previous: {
          state: rest.state,
          deployed: record === 'kept' ? deployed : record === 'gone' ? undefined : ('unreadable' as const),
        },
        manifest: manifests[change],
        live: Object.fromEntries(readings),
        stage: 'dev',
        force: rest.force,
      };
    });

  const trusted = ({ previous: { state, deployed }, force }: DecideInput): boolean =>
    !force && state?.status === 'deployed' && typeof deployed === 'object';
  const before = ({ previous: { deployed } }: DecideInput): Manifest => (deployed as DeployedPackage).manifest;
  /** All that CloudFormation would have to bring about, as one comparable text. */
  const exceptCode = ({ templateHash, configHash, environmentHash, layers, functions }: Manifest): string =>
    JSON.stringify([
      templateHash,
      configHash,
      environmentHash,
      Object.entries(layers).sort(),
      Object.keys(functions).sort(),
    ]);
  const changedOf = ({ previous, manifest }: DecideInput) =>
    diffPackages(previous.deployed, manifest).functions.changed;
  const asLeft = (input: DecideInput, id: string): boolean => {
    const reading = input.live[id];
    const recorded = (input.previous.deployed as DeployedPackage).functions[id]!;
    return (
      Object.hasOwn(input.live, id) &&
      typeof reading === 'object' &&
      reading.codeSha256 === recorded.codeSha256 &&
      reading.version === recorded.version
    );
  };
  const check = (holds: (input: DecideInput) => void) => fc.assert(fc.property(input, holds), { numRuns: runs(500) });

  it('is skip if and only if the inputs are equal and nothing is in doubt', () => {
    check((given) => {
      const equal =
        trusted(given) && exceptCode(before(given)) === exceptCode(given.manifest) && changedOf(given).length === 0;
      expect(decide(given).kind === 'skip').toBe(equal);
    });
  });

  it('is incremental if and only if nothing but function code differs and nothing is in doubt', () => {
    check((given) => {
      const { enabled, disabledFor } = given.manifest.incremental;
      const direct =
        trusted(given) &&
        exceptCode(before(given)) === exceptCode(given.manifest) &&
        changedOf(given).length > 0 &&
        enabled &&
        !disabledFor.includes('dev') &&
        changedOf(given).every((id) => asLeft(given, id));
      expect(decide(given).kind === 'incremental').toBe(direct);
    });
  });

  it('has reasons, each once', () => {
    check((given) => {
      const reasons = codes(given);
      expect(reasons.length).toBeGreaterThan(0);
      expect(new Set(reasons).size).toBe(reasons.length);
    });
  });

  it('names as changed the functions whose content is not the deployed one, sorted', () => {
    check((given) => {
      const { deployed } = given.previous;
      const was = typeof deployed === 'object' ? Object.entries(deployed.manifest.functions) : [];
      const same = new Set(was.map(([id, { contentHash }]) => `${id} ${contentHash}`));
      const expected = Object.entries(given.manifest.functions).filter(
        ([id, { contentHash }]) => !same.has(`${id} ${contentHash}`),
      );
      expect(decide(given).changedFunctions).toEqual(expected.map(([id]) => id).sort());
    });
  });

  it('is the same again, and whatever the order of keys', () => {
    const turned = <T>(value: T): T => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, one]) => [key, turned(one)]),
      ) as T;
    };
    check((given) => {
      const once = JSON.stringify(decide(given));
      expect(JSON.stringify(decide(given))).toBe(once);
      expect(JSON.stringify(decide(turned(given)))).toBe(once);
    });
  });

  it('changes nothing it was given', () => {
    check((given) => {
      const copy = structuredClone(given);
      decide(given);
      expect(given).toEqual(copy);
    });
  });
});
