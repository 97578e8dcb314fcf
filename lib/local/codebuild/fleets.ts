import { randomUUID } from 'node:crypto';
import { AwsError } from '../calls/aws-error';
import type { Caller } from '../calls/caller';
import type { Project } from './build-record';

/** A fleet of reserved machines, as BatchGetFleets describes it. */
interface Fleet {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly baseCapacity: number;
  readonly environmentType: string;
  readonly computeType: string;
  readonly overflowBehavior: string;
  readonly status: { readonly statusCode: 'ACTIVE' };
}

/** The parameters of CreateFleet that this double uses; all of them are checked against the model before. */
export type CreateFleetInput = Pick<Fleet, 'name' | 'baseCapacity' | 'environmentType' | 'computeType'> &
  Partial<Pick<Fleet, 'overflowBehavior'>>;

/**
 * Fleets of reserved machines, which are there as soon as they are made:
 * https://docs.aws.amazon.com/codebuild/latest/userguide/fleets.html. Errors are in our words.
 */
export class Fleets {
  readonly #fleets = new Map<string, Fleet>();

  /** @throws AwsError `ResourceAlreadyExistsException` */
  create(input: CreateFleetInput, { region, accountId }: Caller): Fleet {
    const { name, baseCapacity, environmentType, computeType, overflowBehavior = 'QUEUE' } = input;
    const place = `arn:aws:codebuild:${region}:${accountId}:fleet/${name}:`;
    if ([...this.#fleets.keys()].some((arn) => arn.startsWith(place)))
      throw new AwsError('ResourceAlreadyExistsException', `Fleet already exists: ${name}`);
    const id = randomUUID();
    const status = { statusCode: 'ACTIVE' } as const;
    const fleet = { arn: place + id, name, id, baseCapacity, environmentType, computeType, overflowBehavior, status };
    this.#fleets.set(fleet.arn, fleet);
    return fleet;
  }

  delete(arn: string): void {
    this.#fleets.delete(arn);
  }

  /** @param name of a fleet of the caller's, or its ARN */
  find(name: string, { region, accountId }: Caller): Fleet | undefined {
    const place = `arn:aws:codebuild:${region}:${accountId}:fleet/`;
    const arn = name.startsWith('arn:') ? name : `${place}${name}`;
    const found = [...this.#fleets.values()].find((fleet) => fleet.arn === arn || fleet.arn.startsWith(`${arn}:`));
    return found?.arn.startsWith(place) ? found : undefined;
  }

  /**
   * @returns the environment of a build: in a fleet, its type and size are the fleet's whatever the project says. With
   *   how many run there at once, unless others run on demand
   * @throws AwsError `InvalidInputException` if there is no such fleet
   */
  place(
    { environment, vpcConfig }: Pick<Project, 'environment' | 'vpcConfig'>,
    caller: Caller,
  ): {
    readonly environment: Project['environment'];
    readonly fleet?: { readonly arn: string; readonly most: number };
  } {
    const arn = environment?.fleet?.fleetArn;
    if (!arn) return { environment };
    const fleet = this.find(arn, caller);
    if (!fleet) throw new AwsError('InvalidInputException', `Fleet cannot be found: ${arn}`);
    if (vpcConfig?.vpcId) throw new AwsError('InvalidInputException', 'Cannot specify vpcConfig with a compute fleet');
    const { environmentType: type, computeType, baseCapacity: most, overflowBehavior } = fleet;
    return {
      environment: { ...environment, type, computeType },
      ...(overflowBehavior === 'QUEUE' && { fleet: { arn, most } }),
    };
  }
}
