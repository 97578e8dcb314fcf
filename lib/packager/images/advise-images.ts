import type { Workspace } from '../workspace';

/** What the program in the framework's process says of an image that a tag names, before the framework's own words. */
export const TAG_UNRESOLVED = 'cannot ask the registry for the digest of';
const UNRESOLVED = new RegExp(`${TAG_UNRESOLVED} (\\S+): `);

/**
 * @param lines the last lines of a framework that failed
 * @returns what to do about an image whose digest it could not find out
 */
export function adviseImages(
  lines: readonly string[],
  { file, workspace }: { readonly file: string; readonly workspace: Pick<Workspace, 'app' | 'stage' | 'template'> },
): string | undefined {
  const image = UNRESOLVED.exec(lines.join('\n'))?.[1];
  if (image === undefined) return undefined;
  const { app, stage, template = stage } = workspace;
  return (
    `${file}: the image ${image} is named by a tag, which may mean another image tomorrow; write the image with its digest ` +
    '(@sha256:…), or let builds ask for it as they package: a policy with "ecr:DescribeImages" on its repository under ' +
    `"apps.${app}.stages.${template}.build.policies" of seedbed.yml`
  );
}
