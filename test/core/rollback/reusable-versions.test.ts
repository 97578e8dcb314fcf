import type { DeployedPackage } from '../../../lib/core/contracts/manifest';
import { reusableVersions } from '../../../lib/core/rollback/reusable-versions';
import { aDeployedPackage } from '../../builders';

const at = (configuredBy: string | undefined, more: Partial<DeployedPackage> = {}): DeployedPackage => ({
  ...aDeployedPackage(),
  configuredBy,
  ...more,
});

describe('reusableVersions', () => {
  it('are those of then, if no stack update lies between', () => {
    expect(Object.keys(reusableVersions(at('r1'), at('r1')))).toEqual(['List', 'Create']);
  });

  it('are none after a stack update, though the template may be the same again', () => {
    expect(reusableVersions(at('r3'), at('r1'))).toEqual({});
  });

  it('are none where nobody recorded which update it was', () => {
    expect(reusableVersions(at(undefined), at(undefined))).toEqual({});
  });

  it.each([undefined, 'unreadable'] as const)('are none if what is deployed is %s', (deployed) => {
    expect(reusableVersions(deployed, at('r1'))).toEqual({});
  });

  it('leave out functions that have another name now, or are gone', () => {
    const { List, Create } = aDeployedPackage().functions;
    const functions = { List: { ...List!, name: 'another' } };
    expect(reusableVersions(at('r1', { functions }), at('r1'))).toEqual({});
    expect(reusableVersions(at('r1', { functions: { Create: Create! } }), at('r1'))).toEqual({ Create });
  });
});
