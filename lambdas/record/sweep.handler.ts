import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { finishPorts } from '../../lib/aws/finish-ports';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { readEnv } from '../../lib/config/environment';
import { SWEEP_ENV } from './env';
import { sweep } from './sweep';

export const handler = sweep({
  ...finishPorts(readEnv(SWEEP_ENV), 'seedbed-sweep'),
  apps: ssmApps(ssmClient()),
  random: () => randomBytes(10),
  pace: SYSTEM_CLOCK,
  log: new Logger({ serviceName: 'sweep' }),
});
