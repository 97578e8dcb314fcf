import type { ServiceState } from '../contracts/state';
import { isPlainUrl } from './markdown';

/** Outputs of a service, as shown. */
export interface ServiceOutputs {
  readonly path: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Outputs that frameworks add for themselves, and that nobody looks for. */
const INTERNAL = /DeploymentBucket|LambdaFunctionQualifiedArn|QualifiedArn$/;

/** @returns the outputs of a stage's services that people care about, by path. */
export const shownOutputs = (states: readonly ServiceState[]): readonly ServiceOutputs[] =>
  [...states]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, outputs = {} }) => ({
      path,
      outputs: Object.fromEntries(Object.entries(outputs).filter(([key]) => !INTERNAL.test(key))),
    }))
    .filter(({ outputs }) => Object.keys(outputs).length > 0);

/** Names under which the frameworks tell of an API: `ServiceEndpoint`, `HttpApiUrl`, `Endpoint`, `ApiUrl`. */
const API = /(endpoint|url)/i;

/** @returns the URL of a stage: the first URL of an API among its outputs, or else the first URL. */
export function stageUrl(states: readonly ServiceState[]): string | undefined {
  const urls = shownOutputs(states)
    .flatMap(({ outputs }) => Object.entries(outputs))
    .filter(([, value]) => isPlainUrl(value));
  return (urls.find(([key]) => API.test(key)) ?? urls[0])?.[1];
}
