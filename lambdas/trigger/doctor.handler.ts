import { ssmClient } from '../../lib/aws/clients/ssm';
import { diagnoseByProvider } from '../../lib/aws/diagnose';
import { ssmApps } from '../../lib/aws/ssm-apps';
import { readEnv } from '../../lib/config/environment';
import { doctor } from './doctor';
import { DOCTOR_ENV } from './env';

export const handler = doctor({
  apps: ssmApps(ssmClient()),
  diagnose: diagnoseByProvider(readEnv(DOCTOR_ENV).WEBHOOK_URL),
});
