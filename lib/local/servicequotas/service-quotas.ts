import { AwsError } from '../calls/aws-error';
import type { Caller } from '../calls/caller';
import type { GatewayService } from '../gateway/gateway';
import type { AccountQuotas } from '../quotas/account-quotas';
import type { AmountName } from '../quotas/amounts';

/**
 * What Service Quotas calls the quotas of builds: https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html.
 * Those of ARM machines whose names and codes we have found nowhere (medium, xlarge, 2xlarge) are left out, as AWS
 * leaves out quotas of which it knows no value.
 */
const BUILDS: readonly (readonly [amount: AmountName, machine: string, code: string])[] = [
  ['codebuild-linux-small', 'Linux/Small', 'L-9D07B6EF'],
  ['codebuild-linux-medium', 'Linux/Medium', 'L-2DC20C30'],
  ['codebuild-linux-large', 'Linux/Large', 'L-4DDC4A99'],
  ['codebuild-linux-xlarge', 'Linux/XLarge', 'L-04E5CA62'],
  ['codebuild-linux-2xlarge', 'Linux/2XLarge', 'L-0397D009'],
  ['codebuild-arm-small', 'ARM/Small', 'L-5ED1D25B'],
  ['codebuild-arm-large', 'ARM/Large', 'L-596BEAB4'],
  ['codebuild-linux-lambda-1gb', 'Linux Lambda/1GB', 'L-03FBB1ED'],
  ['codebuild-linux-lambda-2gb', 'Linux Lambda/2GB', 'L-1DFDD5F9'],
  ['codebuild-linux-lambda-4gb', 'Linux Lambda/4GB', 'L-39DB2B0B'],
  ['codebuild-linux-lambda-8gb', 'Linux Lambda/8GB', 'L-049948E0'],
  ['codebuild-linux-lambda-10gb', 'Linux Lambda/10GB', 'L-E692F494'],
  ['codebuild-arm-lambda-1gb', 'ARM Lambda/1GB', 'L-FD92223D'],
  ['codebuild-arm-lambda-2gb', 'ARM Lambda/2GB', 'L-DE99852F'],
  ['codebuild-arm-lambda-4gb', 'ARM Lambda/4GB', 'L-72045165'],
  ['codebuild-arm-lambda-8gb', 'ARM Lambda/8GB', 'L-546A802A'],
  ['codebuild-arm-lambda-10gb', 'ARM Lambda/10GB', 'L-36AF3CA5'],
];
const MOST_IN_PAGE = 100;

/**
 * The part of Service Quotas that tells CodeBuild's quotas: those by which the local cloud's builds wait.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/
 */
export function serviceQuotas(quotas: AccountQuotas): GatewayService {
  const quotasOf = (serviceCode: string, { accountId, region }: Caller) => {
    if (serviceCode !== 'codebuild') throw noSuchResource(`the local cloud has no quotas of service ${serviceCode}`);
    return BUILDS.map(([amount, machine, code]) => ({
      ServiceCode: 'codebuild',
      ServiceName: 'AWS CodeBuild',
      QuotaArn: `arn:aws:servicequotas:${region}:${accountId}:codebuild/${code}`,
      QuotaCode: code,
      QuotaName: `Concurrently running builds for ${machine} environment`,
      Value: quotas.amount(amount, accountId),
      Unit: 'None',
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: 'ACCOUNT',
    }));
  };
  return {
    target: 'ServiceQuotasV20190624',
    model: 'service-quotas',
    others: 'refuse',
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html
    rights: (operation, { ServiceCode, QuotaCode }, { accountId, region }) => [
      {
        action: `servicequotas:${operation}`,
        resource:
          operation === 'ListServiceQuotas'
            ? '*'
            : `arn:aws:servicequotas:${region}:${accountId}:${ServiceCode}/${QuotaCode}`,
      },
    ],
    operations: {
      ListServiceQuotas: async ({ ServiceCode, MaxResults = MOST_IN_PAGE, NextToken }, caller) => {
        const all = quotasOf(ServiceCode, caller);
        const start = NextToken === undefined ? 0 : Number(NextToken);
        if (!(start < all.length)) throw new AwsError('InvalidPaginationTokenException', 'Invalid NextToken');
        const end = start + MaxResults;
        return { Quotas: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
      },
      GetServiceQuota: async ({ ServiceCode, QuotaCode }, caller) => {
        const quota = quotasOf(ServiceCode, caller).find((one) => one.QuotaCode === QuotaCode);
        if (!quota) throw noSuchResource(`there is no quota ${QuotaCode}`);
        return { Quota: quota };
      },
    },
  };
}

const noSuchResource = (message: string) => new AwsError('NoSuchResourceException', message);
