import { serviceQuotasBuildQuotas } from '../../lib/aws/builds/service-quotas-build-quotas';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { serviceQuotasClient } from '../../lib/aws/clients/service-quotas';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { diagnoseByProvider } from '../../lib/aws/source/diagnose';
import { readEnv } from '../../lib/config/environment';
import { doctor } from './doctor';
import { TRIGGER_WORKERS } from './workers';

export const handler = doctor({
  apps: ssmApps(ssmClient()),
  diagnose: diagnoseByProvider(readEnv(TRIGGER_WORKERS.doctor.environment).WEBHOOK_URL),
  buildQuotas: serviceQuotasBuildQuotas(codeBuildClient(), serviceQuotasClient()),
});
