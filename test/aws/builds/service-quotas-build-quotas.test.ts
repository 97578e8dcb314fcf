import { BatchGetProjectsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild';
import { AccessDeniedException, ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { serviceQuotasBuildQuotas } from '../../../lib/aws/builds/service-quotas-build-quotas';

const codeBuild = mockClient(CodeBuildClient);
const serviceQuotas = mockClient(ServiceQuotasClient);
const region = 'eu-central-1';
const buildQuotas = serviceQuotasBuildQuotas(new CodeBuildClient({ region }), new ServiceQuotasClient({ region }));
beforeEach(() => {
  codeBuild.reset();
  serviceQuotas.reset();
});

const MEDIUM = { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_MEDIUM' } as const;

describe('the machines of stages', () => {
  it('are those of their projects', async () => {
    const image = 'aws/codebuild/standard:7.0';
    const environment = { ...MEDIUM, image, environmentVariables: [{ name: 'ONE', value: '1' }] };
    codeBuild
      .on(BatchGetProjectsCommand, { names: ['seedbed-shop_dev', 'seedbed-shop_prod'] })
      .resolves({ projects: [{ name: 'seedbed-shop_dev', environment }], projectsNotFound: ['seedbed-shop_prod'] });
    expect([...(await buildQuotas.machines('shop', ['dev', 'prod']))]).toEqual([
      ['dev', { ...MEDIUM, image, variables: ['ONE'] }],
    ]);
  });

  it('are asked for a hundred at a time', async () => {
    codeBuild.on(BatchGetProjectsCommand).callsFake(({ names }: { names: string[] }) => ({
      projects: names.map((name) => ({ name, environment: { ...MEDIUM, image: 'any' } })),
    }));
    const stages = Array.from({ length: 101 }, (_, index) => `s${index}`);
    expect([...(await buildQuotas.machines('shop', stages)).keys()]).toEqual(stages);
    expect(codeBuild.calls().map(({ args }) => (args[0].input as { names: string[] }).names.length)).toEqual([100, 1]);
  });

  it('need no call if there is no stage', async () => {
    expect((await buildQuotas.machines('shop', [])).size).toBe(0);
    expect(codeBuild.calls()).toEqual([]);
  });
});

describe('the quotas of CodeBuild', () => {
  const small = { QuotaName: 'small', QuotaCode: 'L-1', Value: 0 };

  it('are those of all pages', async () => {
    serviceQuotas
      .on(ListServiceQuotasCommand, { ServiceCode: 'codebuild' })
      .resolves({ Quotas: [small], NextToken: 'more' })
      .on(ListServiceQuotasCommand, { ServiceCode: 'codebuild', NextToken: 'more' })
      .resolves({ Quotas: [{ QuotaName: 'large', QuotaCode: 'L-2', Value: 20 }] });
    expect(await buildQuotas.quotas()).toEqual([
      { name: 'small', code: 'L-1', value: 0 },
      { name: 'large', code: 'L-2', value: 20 },
    ]);
  });

  it('are left out where Service Quotas has no value of them', async () => {
    const failed = { ErrorCode: 'SERVICE_QUOTA_NOT_AVAILABLE_ERROR' } as const;
    const Quotas = [
      { ...small, Value: undefined },
      { ...small, ErrorReason: failed },
    ];
    serviceQuotas.on(ListServiceQuotasCommand).resolves({ Quotas });
    expect(await buildQuotas.quotas()).toEqual([]);
  });

  it('are unknown where we may not look', async () => {
    serviceQuotas.on(ListServiceQuotasCommand).rejects(new AccessDeniedException({ message: 'no', $metadata: {} }));
    expect(await buildQuotas.quotas()).toBeUndefined();
  });

  it('are not unknown because the service is broken: that is an error', async () => {
    serviceQuotas.on(ListServiceQuotasCommand).rejects(new Error('broken'));
    await expect(buildQuotas.quotas()).rejects.toThrow('broken');
  });
});
