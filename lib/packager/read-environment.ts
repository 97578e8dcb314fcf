import { environmentHash, NO_ENVIRONMENT } from '../core/build/environment-hash';
import { environmentLayers, type StageOfApp } from '../core/contracts/stage-environment';
import type { Environments } from '../ports/environments';

/** What the stage gives its builds. */
export interface StageEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Values that nobody may see. */
  readonly secrets: readonly string[];
  /** Differs from the previous one if anything changed. */
  readonly hash: string;
}

/** @returns the variables that a build of the stage gets: a made stage adds its own to those of its settings stage. */
export async function readEnvironment(
  stage: StageOfApp,
  environments: Pick<Environments, 'list' | 'salt'>,
): Promise<StageEnvironment> {
  const layers = await Promise.all(
    environmentLayers(stage).map((layer) => environments.list(layer, { secrets: true })),
  );
  const all = new Map(layers.flat().map((variable) => [variable.name, variable]));
  const variables = Object.fromEntries([...all].map(([name, { value }]) => [name, value ?? '']));
  return {
    variables,
    secrets: layers.flat().flatMap(({ secret, value }) => (secret && value !== undefined ? [value] : [])),
    hash: all.size === 0 ? NO_ENVIRONMENT : environmentHash(variables, await saltOf(stage, environments)),
  };
}

/** Without a salt the hash differs in every build, and every release is a full one; nothing worse. */
async function saltOf(stage: StageOfApp, environments: Pick<Environments, 'salt'>): Promise<string> {
  return (await environments.salt(stage)) ?? crypto.randomUUID();
}
