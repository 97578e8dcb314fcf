import type { Release } from '../contracts/release';
import { OWN_TAG } from '../contracts/stack-settings';
import { pathOfTagValue, tagValueOf } from './tag-value';

const { app: APP, stage: STAGE, service: SERVICE } = OWN_TAG;

type Owner = Pick<Release, 'app' | 'stage'> & { readonly service: string };

/** @returns the tags of a service's stack. */
export const stackTags = ({ app, stage, service }: Owner): Record<string, string> => ({
  [APP]: app,
  [STAGE]: stage,
  [SERVICE]: tagValueOf(service),
});

/**
 * @param tags of a stack that is there
 * @returns whom it belongs to by our tags if that is not `owner`: another service, or another stage of the same one
 */
export function otherOwner(tags: Readonly<Record<string, string>>, owner: Owner): Owner | undefined {
  const { [APP]: app, [STAGE]: stage, [SERVICE]: service } = tags;
  if (app === undefined || service === undefined || stage === undefined || isOwned(tags, owner)) return undefined;
  return { app, stage, service: pathOfTagValue(service) };
}

/** @returns whether the tags of a stack say that it is this service's. A stack without our tags is nobody's. */
export const isOwned = (tags: Readonly<Record<string, string>>, owner: Owner): boolean =>
  Object.entries(stackTags(owner)).every(([key, value]) => tags[key] === value);
