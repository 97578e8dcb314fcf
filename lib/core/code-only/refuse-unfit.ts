import { ReleaseError } from '../contracts/errors';
import type { FunctionBundle, Manifest } from '../contracts/manifest';
import type { Release } from '../contracts/release';
import { inStage, matchesPattern } from './function-pattern';

/** What is known of a function that something else made. */
export interface MadeFunction {
  readonly isImage: boolean;
  readonly runtime?: string;
  readonly handler?: string;
  readonly architecture?: string;
}

/**
 * Makes sure that a release may change functions which something else made: their owner is whoever writes seedbed.yml,
 * and a build, which names them, could name those of others.
 *
 * @throws ReleaseError `ConfigInvalid` with all functions that the stage does not grant
 */
export function refuseNotGranted(
  { functions, service }: Pick<Manifest, 'functions' | 'service'>,
  { app, stage, template = stage, guard }: Pick<Release, 'app' | 'stage' | 'template' | 'guard'>,
): void {
  const granted = (guard?.functions ?? []).map((pattern) => inStage(pattern, stage));
  const others = Object.keys(functions).filter((name) => !granted.some((pattern) => matchesPattern(pattern, name)));
  if (others.length === 0) return;
  throw new ReleaseError(
    'ConfigInvalid',
    `seed.yml: "code_only.${service}" names functions that releases to stage "${stage}" may not change: ` +
      `${others.sort().join(', ')}; if they are this app's, the owner of the platform adds them to ` +
      `"apps.${app}.stages.${template}.functions" of seedbed.yml (\`\${stage}\` and "*" may stand in a name) and deploys ` +
      'the platform; nothing has been touched',
  );
}

/**
 * Makes sure that functions are what the package is for.
 *
 * @param made by name; undefined of one that is not there
 * @throws ReleaseError `FunctionMissing` or `ConfigInvalid` with all functions that are not, and what to do
 */
export function refuseUnfit(
  { functions, service }: Pick<Manifest, 'functions' | 'service'>,
  made: Readonly<Record<string, MadeFunction | undefined>>,
): void {
  const names = Object.keys(functions).sort();
  const missing = names.filter((name) => made[name] === undefined);
  const problems = [
    ...missing.map(
      (name) =>
        `function "${name}" is not there; have it made (examples/code-only has what it may hold at first), or correct ` +
        'its name',
    ),
    ...names.flatMap((name) => problemsOf(name, functions[name]!, made[name])),
  ];
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `seed.yml: "code_only.${service}": ${problem}`);
  const code = missing.length > 0 ? 'FunctionMissing' : 'ConfigInvalid';
  throw new ReleaseError(code, `${lines.join('\n')}\nnothing has been touched`);
}

function problemsOf(name: string, wanted: FunctionBundle, found: MadeFunction | undefined): readonly string[] {
  if (found === undefined) return [];
  if (found.isImage) {
    return [`function "${name}" is a container image, whose code no zip can replace; take it out, or make it of a zip`];
  }
  return (['runtime', 'architecture', 'handler'] as const).flatMap((key) => {
    const [written, is] = [wanted[key], found[key]];
    if (written === undefined || written === '' || is === undefined || is === written) return [];
    return [
      `function "${name}" has the ${key} ${is}, and the package is for ${written}; build it for ${is} and write ` +
        `"${key}: ${is}", or change the function where it is made`,
    ];
  });
}
