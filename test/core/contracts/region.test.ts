import { REGION } from '../../../lib/core/contracts/region';

it.each(['us-east-1', 'ap-southeast-7', 'us-gov-west-1', 'us-isob-east-1', 'cn-northwest-1', 'eusc-de-east-1'])(
  'takes %s as a region',
  (name) => expect(name).toMatch(REGION),
);

it.each(['', 'mars-1', 'us-east', 'US-EAST-1', 'us-east-1a', 'us-east-1 ', '$' + '{Token[AWS.Region.4]}'])(
  'does not take "%s" as a region',
  (name) => expect(name).not.toMatch(REGION),
);
