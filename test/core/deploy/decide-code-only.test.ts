import type { Manifest } from '../../../lib/core/contracts/manifest';
import { type CodeOnlyInput, type CodeOnlyReading, decideCodeOnly } from '../../../lib/core/deploy/decide-code-only';
import { aCodeSha256, aFunctionBundle, aManifest, aServiceState } from '../../builders';

const withoutStack = (functions: Readonly<Record<string, string>>): Manifest => {
  const { stackName, template, templateHash, ...manifest } = aManifest();
  const bundles = Object.entries(functions).map(([name, code]) => [name, aFunctionBundle(name, code)]);
  return { ...manifest, framework: { name: 'code-only', version: '1' }, functions: Object.fromEntries(bundles) };
};
const BEFORE = withoutStack({ list: 'A', mail: 'A' });
const DEPLOYED = {
  manifest: BEFORE,
  functions: Object.fromEntries(
    ['list', 'mail'].map((name) => [name, { name, version: '2', codeSha256: aCodeSha256('A') }]),
  ),
  outputs: {},
};
const serving = (code: string, more: Partial<CodeOnlyReading> = {}): CodeOnlyReading => ({
  latest: { codeSha256: aCodeSha256(code), configuration: 'c', revisionId: 'r' },
  live: { codeSha256: aCodeSha256(code), configuration: 'c', version: '2' },
  ...more,
});
const decide = (more: Partial<CodeOnlyInput> = {}) =>
  decideCodeOnly({
    previous: { state: aServiceState({ deployedPackage: 'there' }), deployed: DEPLOYED },
    manifest: BEFORE,
    force: false,
    live: { list: serving('A'), mail: serving('A') },
    ...more,
  });
const codes = ({ decision }: ReturnType<typeof decide>) => decision.reasons.map(({ code }) => code);

describe('functions that something else made', () => {
  it('are skipped where the package is the deployed one and they are as it left them', () => {
    expect(decide()).toMatchObject({ decision: { kind: 'skip' }, functions: [] });
    expect(codes(decide())).toEqual(['package-unchanged']);
  });

  it('are updated directly at the first release, from an alias at what they run', () => {
    const { latest } = serving('dummy');
    const first = decide({
      previous: { state: undefined, deployed: undefined },
      live: { list: { latest }, mail: { latest } },
    });
    expect(codes(first)).toEqual(['first-release']);
    expect(first.decision).toMatchObject({ kind: 'incremental', changedFunctions: ['list', 'mail'] });
    expect(first.functions).toMatchObject([
      { name: 'list', action: 'update-code', revisionId: 'r', startsAlias: true },
      { name: 'mail', action: 'update-code', startsAlias: true },
    ]);
  });

  it('are updated where their code changed, and nowhere else', () => {
    const changed = decide({ manifest: withoutStack({ list: 'B', mail: 'A' }) });
    expect(codes(changed)).toEqual(['function-code-changed']);
    expect(changed.functions).toEqual([
      expect.objectContaining({ name: 'list', action: 'update-code', previousVersion: '2' }),
    ]);
  });

  it('are published where only their configuration changed', () => {
    const mail = serving('A', { latest: { codeSha256: aCodeSha256('A'), configuration: 'new', revisionId: 'r' } });
    const configured = decide({ live: { list: serving('A'), mail } });
    expect(codes(configured)).toEqual(['function-configuration-changed']);
    expect(configured.functions).toMatchObject([{ name: 'mail', action: 'publish' }]);
  });

  it.each([
    ['an alias that was moved', serving('A', { live: { ...serving('A').live!, version: '1' } }), 'version 1, not 2'],
    ['an alias that is gone', { latest: serving('A').latest }, 'has lost its alias'],
    ['code that was put back', serving('A', { latest: serving('dummy').latest }), 'its code is not what was deployed'],
  ])('are brought in line after %s', (_, mail, message) => {
    const found = decide({ live: { list: serving('A'), mail } });
    expect(found.decision).toMatchObject({ kind: 'incremental' });
    expect(found.decision.reasons).toEqual([
      { code: 'function-changed-by-hand', message: expect.stringContaining(message) },
    ]);
  });

  it('are added and let go of without touching others', () => {
    const manifest = withoutStack({ list: 'A', send: 'A' });
    const found = decide({ manifest, live: { list: serving('A'), send: { latest: serving('dummy').latest } } });
    expect(codes(found)).toEqual(['function-added', 'function-removed']);
    expect(found.functions).toMatchObject([{ name: 'send', startsAlias: true }]);
  });

  it('are all looked after when the release before failed, and move even where they are right', () => {
    const state = aServiceState({ deployedPackage: 'there', status: 'failed' });
    const repaired = decide({ previous: { state, deployed: DEPLOYED } });
    expect(codes(repaired)).toEqual(['previous-release-failed']);
    expect(repaired.functions.map(({ action }) => action)).toEqual(['publish', 'publish']);
  });

  it('return to a version that can serve again, and are deployed again where it cannot', () => {
    const manifest = withoutStack({ list: 'Z', mail: 'Z' });
    const reusable = { name: 'list', version: '1', codeSha256: aCodeSha256('Z') };
    const back = decide({ manifest, live: { list: serving('A', { reusable }), mail: serving('A') } });
    expect(back.functions).toMatchObject([
      { name: 'list', action: 'reuse-version', version: '1', codeSha256: aCodeSha256('Z') },
      { name: 'mail', action: 'update-code' },
    ]);
  });
});
