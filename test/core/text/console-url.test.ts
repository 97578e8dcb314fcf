import { executionUrl } from '../../../lib/core/text/console-url';

const arn = (partition: string, region: string) =>
  `arn:${partition}:states:${region}:123456789012:execution:Seedbed-Release:shop-dev-1`;

describe('the URL of an execution', () => {
  it.each([
    ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1#/v2/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/states/home?'],
  ])('is in the console of the partition %s', (partition, region, start) => {
    expect(executionUrl(arn(partition, region))).toMatch(new RegExp(`^${start.replace(/[?.]/g, '\\$&')}`));
    expect(executionUrl(arn(partition, region))).toContain(arn(partition, region));
  });

  it('is left out where no console is known', () => {
    expect(executionUrl(arn('aws-iso', 'us-iso-east-1'))).toBeUndefined();
  });
});
