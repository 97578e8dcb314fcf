import { withoutDeploymentBucket } from '../../../lib/core/template/deployment-bucket';
import { asTemplate, type Template } from '../../../lib/core/template/template';
import { aFunction, aResource, aTemplate } from './build-template';

const bucket = {
  ServerlessDeploymentBucket: aResource('AWS::S3::Bucket', {}),
  ServerlessDeploymentBucketPolicy: aResource('AWS::S3::BucketPolicy', {
    Bucket: { Ref: 'ServerlessDeploymentBucket' },
  }),
};
const name = { ServerlessDeploymentBucketName: { Value: { Ref: 'ServerlessDeploymentBucket' } } };
const template = (more: Template['Resources'], Outputs = {}): Template =>
  asTemplate({ ...aTemplate({ ...bucket, ...more }), Outputs: { ...name, ...Outputs } });

describe('the bucket of the Serverless Framework', () => {
  it('is left out, with its policy and the output that names it', () => {
    const Hello = { ...aFunction(), DependsOn: ['ServerlessDeploymentBucketPolicy', 'Role'] };
    const Role = aResource('AWS::IAM::Role', {});
    const { Resources, Outputs } = withoutDeploymentBucket(
      template({ Hello, Role }, { Table: { Value: { Ref: 'Role' } } }),
    );
    expect(Object.keys(Resources)).toEqual(['Hello', 'Role']);
    expect(Resources.Hello!.DependsOn).toEqual(['Role']);
    expect(Outputs).toEqual({ Table: { Value: { Ref: 'Role' } } });
  });

  it.each<[string, Template]>([
    [
      'a resource names it',
      template({ Site: aResource('X', { Of: { 'Fn::Sub': '${ServerlessDeploymentBucket}/x' } }) }),
    ],
    [
      'an output names it',
      template({ Hello: aFunction() }, { Arn: { Value: { 'Fn::GetAtt': ['ServerlessDeploymentBucket', 'Arn'] } } }),
    ],
    ['there is nothing else', template({})],
    ['the service has one of its own', aTemplate({ Hello: aFunction() })],
  ])('stays where %s', (_, given) => {
    expect(withoutDeploymentBucket(given)).toBe(given);
  });
});
