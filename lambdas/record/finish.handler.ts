import { Logger } from '@aws-lambda-powertools/logger';
import { finishPorts } from '../../lib/aws/finish-ports';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { finish } from './finish';
import { RECORD_WORKERS } from './workers';

const log = new Logger({ serviceName: 'finish' });

export const handler = workerHandler(
  finish({
    ...finishPorts(readEnv(RECORD_WORKERS.finish.environment), 'seedbed-finish', log),
    pace: SYSTEM_CLOCK,
    log,
  }),
);
