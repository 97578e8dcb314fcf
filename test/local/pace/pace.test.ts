import { awsPace, latencyOf, PACE_NAMES } from '../../../lib/local/pace/pace';

const pace = awsPace({ s3: 30 });

it.each([
  ['lambda', 'UpdateFunctionCode', 600],
  ['lambda', 'UpdateAlias', 80],
  ['lambda', 'Invoke', 80],
  ['s3', 'UpdateFunctionCode', 30],
  ['cloudformation', 'DescribeStacks', 150],
  ['dynamodb', 'GetItem', 40],
  ['codebuild', 'BatchGetBuilds', 40],
  ['others', '', 40],
  ['unsigned', 'Unknown', 0],
  ['execute-api', 'Unknown', 0],
])('a call of %s %s takes %d ms', (service, operation, latency) => {
  expect(latencyOf(pace, service, operation)).toBe(latency);
});

it('has all figures of AWS but those that are given', () => {
  expect(Object.keys(pace)).toEqual(PACE_NAMES);
  expect(pace).toMatchObject({ s3: 30, 'stack-operation': 20_000 });
});
