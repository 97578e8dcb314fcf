import { Logger } from '@aws-lambda-powertools/logger';
import { finishPorts } from '../../lib/aws/finish-ports';
import { readEnv } from '../../lib/config/environment';
import { REAL_PACE } from '../../lib/release/poll-until';
import { FINISH_ENV } from './env';
import { finish } from './finish';

export const handler = finish({
  ...finishPorts(readEnv(FINISH_ENV), 'seedbed-finish'),
  pace: REAL_PACE,
  log: new Logger({ serviceName: 'finish' }),
});
