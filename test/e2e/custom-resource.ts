import type { ServiceOptions } from './a-service';

/**
 * Code of `custom.js`, the function behind a custom resource: answers what the resource's properties say, or, if they
 * name a gate, what the gate answers.
 */
export const custom = `exports.handler = async (event) => {
  const { Outcome, Why, Gate } = event.ResourceProperties;
  const answer = {
    RequestId: event.RequestId, StackId: event.StackId, LogicalResourceId: event.LogicalResourceId,
    PhysicalResourceId: 'hurdle',
    Status: 'SUCCESS',
  };
  if (event.RequestType !== 'Delete') {
    Object.assign(answer, { Status: Outcome, Reason: Why });
    if (Gate) await (await fetch(Gate, { method: 'POST', body: JSON.stringify(event) })).text();
  }
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};
`;

type Hurdle = Pick<ServiceOptions, 'resources' | 'moreFunctions'>;

/**
 * A resource that CloudFormation fails at, for the reason given; needs `custom.js` in the service.
 * @param after logical ids of what CloudFormation deploys before
 */
export const failing = (why: string, after: readonly string[]): Hurdle =>
  hurdle({ Outcome: 'FAILED', Why: why }, after);

/**
 * A resource that CloudFormation waits for until the gate opens; needs `custom.js` in the service.
 * @param after logical ids of what CloudFormation deploys before
 */
export const held = (gate: string, after: readonly string[]): Hurdle =>
  hurdle({ Outcome: 'SUCCESS', Gate: gate }, after);

const hurdle = (properties: Readonly<Record<string, string>>, after: readonly string[]): Hurdle => ({
  moreFunctions: { custom: { handler: 'custom.handler', package: { patterns: ['custom.js'] }, timeout: 300 } },
  resources: {
    Hurdle: {
      Type: 'Custom::Hurdle',
      DependsOn: after,
      Properties: { ServiceToken: { 'Fn::GetAtt': ['CustomLambdaFunction', 'Arn'] }, ...properties },
    },
  },
});
