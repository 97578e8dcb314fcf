import type { SeedYml } from '../config/seed-yml';
import { ReleaseError } from '../core/contracts/errors';
import type { Workspace } from './workspace';

/**
 * Stops a build that could only fail, before it has run anything of the app.
 *
 * @throws ReleaseError `SecretMissing` with all variables that seed.yml asks for and the stage does not have
 */
export function requireEnvironment(
  { app, stage, template, env }: Pick<Workspace, 'app' | 'stage' | 'template' | 'env'>,
  { environment }: Pick<SeedYml, 'environment'>,
): void {
  const missing = environment.filter((name) => env[name] === undefined);
  if (missing.length === 0) return;
  const commands = missing.map(
    (name) => `  seedbed env set --app ${app} --stage ${template ?? stage} --secret ${name}`,
  );
  throw new ReleaseError(
    'SecretMissing',
    `seed.yml asks for ${missing.join(', ')}, which stage "${stage}" does not have; set it ` +
      `with:\n${commands.join('\n')}`,
  );
}
