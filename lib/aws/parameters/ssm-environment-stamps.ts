import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { stampOf } from '../../core/build/environment-hash';
import { environmentLayers, environmentStampParameter } from '../../core/contracts/stage-environment';
import type { EnvironmentStamps } from '../../ports/environments';
import { busyIsThrottled } from '../clients/busy-is-throttled';

/** The port EnvironmentStamps over SSM parameters: one call, and no right to read a variable. */
export const ssmEnvironmentStamps = (client: SSMClient): EnvironmentStamps => ({
  async stamp(stage) {
    const Names = environmentLayers(stage).map(environmentStampParameter);
    const { Parameters = [] } = await busyIsThrottled('Systems Manager', () =>
      client.send(new GetParametersCommand({ Names })),
    );
    const found = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
    return stampOf(Names.map((name) => found.get(name)));
  },
});
