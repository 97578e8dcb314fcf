import {
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  InvalidParameterValueException,
  type LambdaClient,
  ListAliasesCommand,
  ListDurableExecutionsByFunctionCommand,
  ListVersionsByFunctionCommand,
  ResourceConflictException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { AliasReading } from '../../ports/functions';
import type { Versions } from '../../ports/versions';
import { throttledIfBusy } from './lambda-busy';
import type { PacedCalls } from './paced-calls';

/**
 * The port Versions over Lambda.
 * @param paced how control calls are made; all of this port's are
 */
export function lambdaVersions(client: LambdaClient, paced: PacedCalls): Versions {
  const call = <T>(name: string, work: () => Promise<T>): Promise<T> => throttledIfBusy(name, () => paced(work));
  /** Reads all pages; what is not there has none. */
  const all = async <Page extends { readonly NextMarker?: string }>(
    name: string,
    page: (Marker: string | undefined) => Promise<Page>,
  ): Promise<readonly Page[]> => {
    const pages: Page[] = [];
    let marker: string | undefined;
    do {
      try {
        const found = await call(name, () => page(marker));
        pages.push(found);
        marker = found.NextMarker || undefined;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return pages;
        throw error;
      }
    } while (marker !== undefined);
    return pages;
  };

  return {
    async list(name) {
      const pages = await all(name, (Marker) =>
        client.send(new ListVersionsByFunctionCommand({ FunctionName: name, Marker })),
      );
      return pages
        .flatMap(({ Versions = [] }) => Versions)
        .filter(({ Version }) => Version !== '$LATEST')
        .map(({ Version, CodeSize = 0, DurableConfig, LastModified = '' }) => ({
          version: Version!,
          size: CodeSize,
          isDurable: DurableConfig !== undefined,
          // Of a version it does not change any more. "+0000" is how Lambda writes UTC.
          publishedAt: Date.parse(LastModified.replace(/\+0000$/, 'Z')),
        }));
    },

    async aliases(name) {
      const pages = await all(name, (Marker) => client.send(new ListAliasesCommand({ FunctionName: name, Marker })));
      return pages
        .flatMap(({ Aliases = [] }) => Aliases)
        .map(
          ({ FunctionVersion, RoutingConfig }): AliasReading => ({
            version: FunctionVersion!,
            weights: RoutingConfig?.AdditionalVersionWeights ?? {},
          }),
        );
    },

    async isAwaited(name, version) {
      const running = { FunctionName: name, Qualifier: version, Statuses: ['RUNNING' as const], MaxItems: 1 };
      const { DurableExecutions = [], NextMarker } = await call(name, () =>
        client.send(new ListDurableExecutionsByFunctionCommand(running)),
      );
      return DurableExecutions.length > 0 || Boolean(NextMarker);
    },

    async delete(name, version) {
      // Without a version Lambda would delete the function.
      if (!/^[1-9]\d*$/.test(version)) throw new Error(`"${version}" is not a version`);
      try {
        await paced(() => client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: version })));
        return 'deleted';
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return 'deleted';
        // An alias that was moved to it meanwhile; a function that CloudFront has replicated.
        if (error instanceof ResourceConflictException || error instanceof InvalidParameterValueException)
          return 'in-use';
        return throttledIfBusy(name, () => Promise.reject(error));
      }
    },

    async storage() {
      const { AccountUsage, AccountLimit } = await call('', () => client.send(new GetAccountSettingsCommand()));
      return { used: AccountUsage?.TotalCodeSize ?? 0, limit: AccountLimit?.TotalCodeSize ?? 0 };
    },
  };
}
