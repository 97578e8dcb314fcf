import { Logger } from '@aws-lambda-powertools/logger';
import { finishPorts } from '../../lib/aws/finish-ports';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { readEnv } from '../../lib/config/environment';
import { FINISH_ENV } from './env';
import { finish } from './finish';

export const handler = finish({
  ...finishPorts(readEnv(FINISH_ENV), 'seedbed-finish'),
  pace: SYSTEM_CLOCK,
  log: new Logger({ serviceName: 'finish' }),
});
