import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  paginateListServiceQuotas,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { serviceQuotasBuildQuotas } from '../../lib/aws/builds/service-quotas-build-quotas';
import { buildMachine } from '../../lib/core/contracts/build-machine';
import { diagnoseBuilds } from '../../lib/core/trigger/diagnose-builds';
import { type ACloud, aCloud, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const OTHER = '444455556666';
const MEDIUM = 'L-2DC20C30';

describe('Service Quotas of a new account', () => {
  let at: ACloud;
  let client: ServiceQuotasClient;

  beforeAll(async () => {
    const accounts = { [OTHER]: { 'codebuild-linux-medium': 7 } };
    at = await aCloud('service-quotas', {
      quotas: { account: 'new', figures: { 'codebuild-linux-large': 0 }, accounts },
    });
    client = new ServiceQuotasClient(at.client);
  });
  afterAll(() => at.cloud.stop());

  const value = async (QuotaCode: string, by = client) => {
    const { Quota } = await by.send(new GetServiceQuotaCommand({ ServiceCode: 'codebuild', QuotaCode }));
    return [Quota?.QuotaName, Quota?.Value];
  };

  it('are those by which the account’s builds wait', async () => {
    expect(await value(MEDIUM)).toEqual(['Concurrently running builds for Linux/Medium environment', 1]);
    expect(await value('L-4DDC4A99')).toEqual(['Concurrently running builds for Linux/Large environment', 0]);
    const credentials = { ...at.cloud.root, accessKeyId: OTHER };
    const other = new ServiceQuotasClient({ ...at.client, credentials });
    expect(await value(MEDIUM, other)).toEqual(['Concurrently running builds for Linux/Medium environment', 7]);
  });

  it('come in pages', async () => {
    const list = async (pageSize?: number) => {
      const pages: string[][] = [];
      for await (const { Quotas = [] } of paginateListServiceQuotas({ client, pageSize }, { ServiceCode: 'codebuild' }))
        pages.push(Quotas.map(({ QuotaCode = '' }) => QuotaCode));
      return pages;
    };
    const [all = []] = await list();
    expect(new Set(all).size).toBe(all.length);
    const pages = await list(10);
    expect(pages.map(({ length }) => length)).toEqual([10, all.length - 10]);
    expect(pages.flat()).toEqual(all);
  });

  it('refuse what they do not have, in AWS’s words for it', async () => {
    await expect(value('L-00000000')).rejects.toMatchObject({ name: 'NoSuchResourceException' });
    const list = (input: { ServiceCode: string; NextToken?: string; MaxResults?: number }) =>
      client.send(new ListServiceQuotasCommand(input));
    await expect(list({ ServiceCode: 'lambda' })).rejects.toMatchObject({ name: 'NoSuchResourceException' });
    const NextToken = 'unknown';
    await expect(list({ ServiceCode: 'codebuild', NextToken })).rejects.toMatchObject({
      name: 'InvalidPaginationTokenException',
    });
    await expect(list({ ServiceCode: 'codebuild', MaxResults: 101 })).rejects.toThrow(/101|maxResults/i);
  });

  it('show the doctor what no build can start on, before one is started', async () => {
    const codeBuild = new CodeBuildClient(at.client);
    const computes = { dev: 'medium', prod: 'large' } as const;
    for (const [stage, compute] of Object.entries(computes))
      await codeBuild.send(
        new CreateProjectCommand({
          name: `seedbed-shop_${stage}`,
          source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' },
          artifacts: { type: 'NO_ARTIFACTS' },
          environment: buildMachine({ compute, docker: false }) as never,
          serviceRole: ROLE,
        }),
      );
    const port = serviceQuotasBuildQuotas(codeBuild, client);
    const stages = Object.keys(computes);
    const [machines, quotas] = [await port.machines('shop', stages), await port.quotas()];
    expect(diagnoseBuilds(stages, { machines, architectures: new Map(), quotas })).toMatchObject([
      { level: 'warn', message: expect.stringMatching(/one build at a time on Linux\/Medium \(stage dev\)/) },
      { level: 'fail', message: expect.stringMatching(/no build on Linux\/Large \(stage prod\)/) },
    ]);
  });
});
