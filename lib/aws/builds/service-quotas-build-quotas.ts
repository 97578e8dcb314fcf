import { BatchGetProjectsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import {
  AccessDeniedException,
  paginateListServiceQuotas,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { ProjectEnvironment as Machine } from '../../core/contracts/build-machine';
import type { BuildQuota } from '../../core/contracts/build-quota';
import { buildProjectName } from '../../core/contracts/stage-environment';
import type { BuildQuotas } from '../../ports/build-quotas';
import { chunks } from '../clients/chunks';
import { projectEnvironment } from './project-environment';

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html */
const MOST_PROJECTS = 100;

/** The port BuildQuotas over CodeBuild, which has the machines, and Service Quotas, which has the quotas. */
export function serviceQuotasBuildQuotas(codeBuild: CodeBuildClient, serviceQuotas: ServiceQuotasClient): BuildQuotas {
  return {
    async machines(app, stages) {
      const stageOf = new Map(stages.map((stage) => [buildProjectName(app, stage), stage]));
      const machines = new Map<string, Machine>();
      for (const names of chunks([...stageOf.keys()], MOST_PROJECTS)) {
        const { projects = [] } = await codeBuild.send(new BatchGetProjectsCommand({ names }));
        for (const { name = '', environment, vpcConfig } of projects) {
          const [stage, machine] = [stageOf.get(name), projectEnvironment(environment, vpcConfig)];
          if (stage !== undefined && machine) machines.set(stage, machine);
        }
      }
      return machines;
    },

    // What the account has. A quota of which only the default is known is not among them:
    // https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
    async quotas() {
      const found: BuildQuota[] = [];
      try {
        const pages = paginateListServiceQuotas({ client: serviceQuotas, pageSize: 100 }, { ServiceCode: 'codebuild' });
        for await (const { Quotas = [] } of pages) found.push(...Quotas.flatMap(whole));
      } catch (error) {
        // An organization's policy may forbid it whatever our role may do.
        if (error instanceof AccessDeniedException) return undefined;
        throw error;
      }
      return found;
    },
  };
}

function whole({ QuotaName: name, QuotaCode: code, Value: value, ErrorReason: error }: ServiceQuota): BuildQuota[] {
  return name === undefined || code === undefined || value === undefined || error ? [] : [{ name, code, value }];
}
