import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { finishPorts } from '../../lib/aws/finish-ports';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { sweep } from './sweep';
import { RECORD_WORKERS } from './workers';

const log = new Logger({ serviceName: 'sweep' });

export const handler = workerHandler(
  sweep({
    ...finishPorts(readEnv(RECORD_WORKERS.sweep.environment), 'seedbed-sweep', log),
    apps: ssmApps(ssmClient()),
    random: () => randomBytes(10),
    pace: SYSTEM_CLOCK,
    log,
  }),
);
