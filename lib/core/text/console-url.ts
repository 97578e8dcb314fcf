/** Hosts of the console, by partition: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** @returns where people see an execution of Step Functions, or undefined in a partition whose console is not known. */
export function executionUrl(arn: string): string | undefined {
  const [, partition = '', , region = ''] = arn.split(':');
  const host = CONSOLES[partition];
  return host && `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${arn}`;
}
