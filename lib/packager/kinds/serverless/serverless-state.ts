import * as z from 'zod';
import { resolveReferences } from '../../../core/build/resolve-references';

/** `serverless-state.json`, as far as the packager looks into it: the framework's resolved configuration. */
const ServerlessState = z.looseObject({
  service: z.looseObject({ service: z.string(), provider: z.looseObject({ stackName: z.string().optional() }) }),
  package: z.looseObject({ artifactDirectoryName: z.string() }),
  /** Artifact of the whole service that the configuration names, relative to the service's directory. */
  prebuilt: z.string().optional(),
});
export type ServerlessState = z.infer<typeof ServerlessState>;

/** Only what is read before the parts are chosen. */
const Raw = z.looseObject({
  service: z.looseObject({
    provider: z.looseObject({}),
    initialServerlessConfig: z
      .looseObject({ package: z.looseObject({ artifact: z.string().optional() }).optional() })
      .optional(),
  }),
});

/**
 * @param document the parsed file
 * @returns its configuration with references resolved, and without what is in there a second time: the templates, and
 *   the configuration as it was first read
 */
export function asServerlessState(document: unknown): ServerlessState {
  const raw = Raw.parse(document);
  const { initialServerlessConfig, provider, ...service } = raw.service;
  const { compiledCloudFormationTemplate: _compiled, coreCloudFormationTemplate: _core, ...settings } = provider;
  const wanted = { ...raw, service: { ...service, provider: settings } };
  const prebuilt = initialServerlessConfig?.package?.artifact;
  return ServerlessState.parse({ ...(resolveReferences(wanted, document) as object), prebuilt });
}
