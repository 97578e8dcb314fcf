import { Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const template = (text: string) => Template.fromStack(aPlatform({ text }).platform);
const [own, restored] = [template('apps: {}'), template('stateTable: seedbed-state-restored\napps: {}')];
const stateId = Object.keys(own.findResources('AWS::DynamoDB::GlobalTable')).find((id) => id.startsWith('State'))!;
/** @returns the logical ids of what names the stack's own table */
const naming = (of: Template) =>
  Object.entries(of.toJSON().Resources as Record<string, unknown>)
    .filter(([id, resource]) => id !== stateId && JSON.stringify(resource).includes(`"${stateId}"`))
    .map(([id]) => id);

describe('a table that was restored under another name', () => {
  it('takes the place of the own one everywhere: for workers, state machines, their rights, and the command line', () => {
    expect(naming(own).length).toBeGreaterThan(40);
    expect(naming(restored)).toEqual([]);
    restored.hasOutput('StateTable', { Value: 'seedbed-state-restored' });
    restored.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { STATE_TABLE: 'seedbed-state-restored' } },
    });
    expect(JSON.stringify(restored.findResources('AWS::StepFunctions::StateMachine'))).toContain(
      '\\"TableName\\":\\"seedbed-state-restored\\"',
    );
    const policies = JSON.stringify(restored.findResources('AWS::IAM::Policy'));
    expect(policies).toContain(':table/seedbed-state-restored"');
    expect(policies).toContain(':table/seedbed-state-restored/index/open-releases"');
  });

  it('leaves the own one as it is, so that taking the line out goes back to it', () => {
    expect(restored.toJSON().Resources[stateId]).toEqual(own.toJSON().Resources[stateId]);
    expect(restored.toJSON().Resources[stateId].DeletionPolicy).toBe('Retain');
  });
});
