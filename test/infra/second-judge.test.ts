import { disagreement, type Judgement } from '../second-judge';

/** The end-to-end tests end with the second judge's opinion of all that was judged; here it is shown to have one. */
const ROLE = 'arn:aws:sts::111122223333:assumed-role/worker/session';
const reading: Judgement = {
  principal: ROLE,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bundles/shop/it.zip',
  owner: '111122223333',
  context: { 'aws:SecureTransport': 'true' },
  identity: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bundles/shop/*' }],
    },
  ],
  limits: [],
  policy: null,
  allowed: true,
};
const DENIES_ALL = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::bundles/*' };

it('agrees with what is right', async () => {
  expect(await disagreement(reading)).toBeUndefined();
});

it.each<[what: string, Partial<Judgement>]>([
  ['what is judged wrongly', { allowed: false }],
  ['a deny of the resource that was overlooked', { policy: { Statement: [DENIES_ALL] } }],
  ['a right in one account only', { owner: '444455556666', policy: { Statement: [] } }],
  ['a boundary that was overlooked', { limits: [[{ Version: '2012-10-17', Statement: [] }]] }],
  ['an action that there is not', { action: 's3:ReadObject' }],
  ['a resource that the action does not take', { action: 'codedeploy:StopDeployment', resource: ROLE }],
])('names %s', async (_what, otherwise) => {
  expect(await disagreement({ ...reading, ...otherwise })).toContain(ROLE);
});

it('judges what is done to a key that is yet to be made by the policies of who makes it', async () => {
  const action = 'kms:EnableKeyRotation';
  const turning = {
    ...reading,
    action,
    resource: 'arn:aws:kms:eu-central-1:111122223333:key/*',
    owner: null,
    context: {},
  };
  const may = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
  expect(await disagreement({ ...turning, identity: [may] })).toBeUndefined();
  expect(await disagreement({ ...turning, identity: [may], allowed: false })).toContain(action);
  expect(await disagreement({ ...turning, allowed: false })).toBeUndefined();
});
