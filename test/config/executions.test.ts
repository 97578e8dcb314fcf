import { resolveConfig } from '../../lib/config/resolve-config';
import { readStoredApp, storeApp } from '../../lib/core/contracts/stored-app';

const PLATFORM = { account: '111122223333', region: 'eu-central-1' };
const OTHER = '444455556666';
const resolve = (targets: object, target = 'place') =>
  resolveConfig(
    JSON.stringify({ targets, apps: { shop: { repository: { codecommit: 'shop' }, stages: { dev: { target } } } } }),
    PLATFORM,
  );
const stageIn = (targets: object, target?: string) => resolve(targets, target).apps[0]!.stages.dev!.target;
const problems = (targets: object, target?: string): string => {
  try {
    resolve(targets, target);
  } catch (error) {
    return (error as Error).message.replaceAll(/^seedbed\.yml(, line \d+)?: /gm, '');
  }
  return '';
};
const POWER = 'arn:aws:iam::aws:policy/PowerUserAccess';
const policy = (name: string, account = OTHER) => `arn:aws:iam::${account}:policy/${name}`;

describe('the role of CloudFormation in a target', () => {
  it('has the policies and the boundary that seedbed.yml names, by name or ARN', () => {
    const place = { account: OTHER, executionPolicies: [POWER, policy('more')], permissionsBoundary: 'team/edge' };
    expect(resolve({ place }).executions).toEqual([
      { account: OTHER, policies: [POWER, policy('more')], permissionsBoundary: policy('team/edge') },
    ]);
    for (const permissionsBoundary of ['team/edge', policy('team/edge')])
      expect(stageIn({ place: { account: OTHER, permissionsBoundary } }).permissionsBoundary).toBe(policy('team/edge'));
    expect(resolve({ place: { account: OTHER } }).executions).toEqual([]);
  });

  it('asks for the platform’s boundary in its own account, and for none elsewhere', () => {
    expect(stageIn({ place: {} }).permissionsBoundary).toBe(policy('seedbed-boundary', PLATFORM.account));
    expect(stageIn({}, 'default').permissionsBoundary).toBe(policy('seedbed-boundary', PLATFORM.account));
    expect(stageIn({ place: { permissionsBoundary: 'own' } }).permissionsBoundary).toBe(
      policy('own', PLATFORM.account),
    );
    expect(stageIn({ place: { account: OTHER } })).not.toHaveProperty('permissionsBoundary');
    // What the owner's role may do is the owner's to say.
    const executionRoleArn = `arn:aws:iam::${PLATFORM.account}:role/narrow`;
    expect(stageIn({ place: { executionRoleArn } })).not.toHaveProperty('permissionsBoundary');
  });

  it('keeps its boundary where apps are stored', () => {
    const [app] = resolve({ place: { account: OTHER, permissionsBoundary: 'own' } }).apps;
    expect(readStoredApp(storeApp(app!))).toEqual(app);
  });
});

describe('what is refused', () => {
  it.each<[string, object, string]>([
    ['no list', { executionPolicies: POWER }, 'write a list of 1 to 10 ARNs of policies'],
    ['no policy', { executionPolicies: [] }, 'write a list of 1 to 10 ARNs of policies'],
    ['a name', { executionPolicies: ['PowerUserAccess'] }, 'write a list of 1 to 10 ARNs of policies'],
    ['too many', { executionPolicies: Array(11).fill(POWER) }, 'write a list of 1 to 10 ARNs of policies'],
    ['a role', { permissionsBoundary: `arn:aws:iam::${OTHER}:role/x` }, "write the name of a policy of the target's"],
    ['nothing', { permissionsBoundary: '' }, "write the name of a policy of the target's"],
    ['a way up', { permissionsBoundary: '../x' }, "write the name of a policy of the target's"],
    ['a list', { permissionsBoundary: ['x'] }, "write the name of a policy of the target's"],
  ])('%s', (_what, given, message) => {
    const [key] = Object.keys(given);
    expect(problems({ place: { account: OTHER, ...given } })).toMatch(`targets.place.${key}`);
    expect(problems({ place: { account: OTHER, ...given } })).toMatch(message);
  });

  it('is a policy of another account', () => {
    const theirs = policy('x', '999988887777');
    expect(problems({ place: { account: OTHER, executionPolicies: [POWER, theirs] } })).toBe(
      '"targets.place.executionPolicies[1]" is a policy of account 999988887777, but the target\'s account is ' +
        `${OTHER}; a role takes policies of its own account or AWS's: make it there, or correct one of the two`,
    );
    expect(problems({ place: { permissionsBoundary: theirs } })).toContain(
      '"targets.place.permissionsBoundary" is a policy of account 999988887777',
    );
  });

  it('is what would be said of a role of the owner’s own making', () => {
    const executionRoleArn = `arn:aws:iam::${OTHER}:role/narrow`;
    expect(problems({ place: { account: OTHER, executionRoleArn, executionPolicies: [POWER] } })).toBe(
      '"targets.place.executionPolicies" is given, but "targets.place.executionRoleArn" says that CloudFormation\'s role ' +
        'there is of your own making; give that role the policy where you make it, or remove one of the two',
    );
    const deployRoleArn = `arn:aws:iam::${OTHER}:role/team`;
    expect(problems({ place: { account: OTHER, deployRoleArn, permissionsBoundary: 'x' } })).toContain(
      '"targets.place.deployRoleArn" says',
    );
  });

  it('is to say different things of one account, also of the target that is not written', () => {
    const place = { account: OTHER, permissionsBoundary: 'x' };
    expect(problems({ place, second: place })).toBe('');
    expect(problems({ place, second: { account: OTHER } })).toBe(
      `"targets.second.permissionsBoundary" is not what target "place" says, and both are account ${OTHER}, where ` +
        'CloudFormation has one role; write the same "permissionsBoundary" in both',
    );
    expect(problems({ place: { executionPolicies: [POWER] } }, 'default')).toContain(
      '"targets.place.executionPolicies" is not what target "default" says',
    );
    expect(problems({ place: { executionPolicies: [POWER] } })).toBe('');
    // A role of the owner's own making is another role.
    const own = { account: OTHER, executionRoleArn: `arn:aws:iam::${OTHER}:role/narrow` };
    expect(problems({ place, second: own })).toBe('');
  });
});
