import type { Template } from '../../lib/core/template/template';

export type ContractTemplate = 'first' | 'second' | 'renamed' | 'added' | 'broken' | 'refused' | 'importing';

/**
 * The templates that the contract of the port Stacks speaks of.
 * @param stack name of the stack
 * @param code where the function's bundle is and which role it has
 */
export function contractTemplates(
  stack: string,
  code: { readonly bucket: string; readonly key: string; readonly roleArn: string },
): Record<ContractTemplate, Template> {
  const hello = (Description: string, name = 'hello') => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `${stack}-${name}`,
      Description,
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: code.roleArn,
      Code: { S3Bucket: code.bucket, S3Key: code.key },
    },
  });
  const exported = `${stack}-hello-name`;
  const Outputs = { HelloName: { Value: { Ref: 'Hello' }, Export: { Name: exported } } };
  const Importer = {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: `${stack}-importer`, DisplayName: { 'Fn::ImportValue': exported } },
  };
  // What is imported is exported nowhere.
  const Broken = {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: { 'Fn::ImportValue': `${stack}-not-exported` } },
    DependsOn: ['Hello'],
  };
  const Taken = { Type: 'AWS::S3::Bucket', Properties: { BucketName: code.bucket } };
  return {
    refused: { Resources: { Hello: hello('refused'), Taken }, Outputs },
    importing: { Resources: { Importer } },
    first: { Resources: { Hello: hello('first') }, Outputs },
    second: { Resources: { Hello: hello('second') }, Outputs },
    renamed: { Resources: { Hello: hello('first', 'renamed') }, Outputs },
    added: { Resources: { Hello: hello('first'), Added: { Type: 'AWS::SNS::Topic' } }, Outputs },
    broken: { Resources: { Hello: hello('broken'), Broken }, Outputs },
  };
}
