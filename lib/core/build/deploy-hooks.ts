import { nameSome } from '../text/name-some';

/** Events of the framework's commands that Seedbed does in its own way; it runs the packaging alone. */
const NEVER_RUN = /^(?:before:|after:)?(?:deploy:(?:deploy|finalize)$|aws:deploy:|remove:remove$|aws:remove:)/;

/** Plug-ins that only print something then. */
const ONLY_TELL = new Set(['serverless-step-functions']);

const HOOKS = 'write it as a command under "before_deploy" or "after_deploy" (at removal "before_remove") in seed.yml';

/** What to write instead, by the name of a plug-in. */
const INSTEAD: readonly (readonly [name: RegExp, advice: string])[] = [
  [/prune/, 'Seedbed deletes the versions that nothing needs any more; remove the plug-in'],
  [/domain-manager/, `make domain and mapping under "resources", or ${HOOKS}`],
  [
    /termination-protection/,
    'write "deletionProtection" under "provider", with "stages" if not all; remove the plug-in',
  ],
  [/warmup/, `the functions are warmed up on schedule, not right after a release; else ${HOOKS}`],
];

/**
 * Names the plug-ins that act when the framework deploys or removes: what they do then is not done by Seedbed, which
 * deploys and removes by itself.
 *
 * @param hooks the events that each plug-in of a service listens to, by its name in `plugins`
 * @returns a warning for each such plug-in, with what to write instead
 */
export function tellDeployHooks(hooks: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(hooks).flatMap(([name, events]) => {
    const lost = events.filter((event) => NEVER_RUN.test(event));
    if (lost.length === 0 || ONLY_TELL.has(name)) return [];
    const advice = INSTEAD.find(([pattern]) => pattern.test(name))?.[1] ?? HOOKS;
    return [`plug-in "${name}" does not run at ${nameSome(lost)}, since Seedbed deploys by itself; ${advice}`];
  });
}
