import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { configurationDigest } from '../../../lib/aws/target/function-configuration';

const LATEST: FunctionConfiguration = {
  FunctionName: 'orders',
  FunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:orders',
  Version: '$LATEST',
  RevisionId: 'one',
  LastModified: '2026-11-30T10:00:00.000+0000',
  CodeSha256: 'abc',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  Timeout: 6,
  Environment: { Variables: { TABLE: 'orders', State: 'kept' } },
  SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' },
};
const PUBLISHED: FunctionConfiguration = {
  ...LATEST,
  FunctionArn: `${LATEST.FunctionArn}:3`,
  Version: '3',
  RevisionId: 'two',
  LastModified: '2026-11-30T10:00:01.000+0000',
  SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' },
};

describe('the digest of a configuration', () => {
  it('is that of a version which is configured alike', () => {
    expect(configurationDigest(PUBLISHED)).toBe(configurationDigest(LATEST));
  });

  it.each<[string, FunctionConfiguration]>([
    ['a setting', { Timeout: 7 }],
    ['a variable', { Environment: { Variables: { TABLE: 'other', State: 'kept' } } }],
    ['a variable that is called as something that does not count', { Environment: { Variables: { TABLE: 'orders' } } }],
    ['snapshots', { SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' } }],
    ['a setting that we do not know', { Novelty: 'on' } as FunctionConfiguration],
  ])('differs with %s', (_what, change) => {
    expect(configurationDigest({ ...LATEST, ...change })).not.toBe(configurationDigest(LATEST));
  });
});
