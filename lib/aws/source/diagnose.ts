import { type Env, readEnv, SOURCE_ENV } from '../../config/environment';
import type { Diagnose } from '../../ports/diagnose';
import { codeCommitDiagnose } from './codecommit-diagnose';
import { gitHub } from './github';
import { sources } from './sources';

/**
 * @param webhookUrl where the platform takes webhooks
 * @returns what looks at an app's repository where it lives
 */
export function diagnoseByProvider(webhookUrl: string, env: Env<typeof SOURCE_ENV> = readEnv(SOURCE_ENV)): Diagnose {
  const source = sources(env);
  return async (config) => {
    if (config.repository.provider === 'codecommit') return codeCommitDiagnose(source, config);
    const { gitHubDiagnose } = await import('../../github/diagnose');
    return gitHubDiagnose({ clients: gitHub(env), source, webhookUrl, now: Date.now }, config);
  };
}
