import type { Caller } from '../calls/caller';
import type { EmulatorClient } from '../calls/emulator-client';
import type { EmitEvent } from '../calls/event-delivery';
import { logUnforeseen, type ReportUnforeseen } from '../calls/unforeseen';
import type { GatewayService, Operation } from '../gateway/gateway';
import type { Right } from '../gateway/rights';
import { type Clock, SYSTEM_CLOCK } from '../processes/clock';
import { Announcements } from './announcements';
import { applicationOperations } from './applications';
import { configurationOperations } from './configurations';
import { groupOperations } from './deployment-groups';
import { deploymentOperations } from './deployment-operations';
import { Deployments } from './deployments';
import { Home } from './home';
import { rightsFor } from './rights';
import { tagOperations } from './tags';

/** What CodeDeploy needs. */
export interface CodeDeployOptions {
  readonly emulator: EmulatorClient;
  readonly emit: EmitEvent;
  /** By how much its time is compressed: at 60 a minute takes a second. */
  readonly speed: number;
  /** Told of errors that nobody foresaw. */
  readonly report?: ReportUnforeseen;
  /** The system's if not given. */
  readonly clock?: Clock;
}

/**
 * CodeDeploy for Lambda. All its state is in memory, except that aliases are in the emulator, whose launcher applies
 * their weights.
 */
export class CodeDeploy implements GatewayService {
  readonly target = 'CodeDeploy_20141006';
  readonly model = 'codedeploy';
  readonly others = 'refuse';
  readonly operations: GatewayService['operations'];
  readonly #clock: Clock;
  readonly #homes = new Map<string, Home>();
  readonly #announcements: Announcements;
  readonly #deployments: Deployments;

  constructor({ emulator, emit, speed, clock = SYSTEM_CLOCK, report = logUnforeseen }: CodeDeployOptions) {
    this.#clock = clock;
    this.#announcements = new Announcements(emulator, emit);
    this.#deployments = new Deployments({ emulator, announcements: this.#announcements, speed, clock, report });
    const homeOf = (caller: Caller) => this.#homeOf(caller);
    this.operations = {
      ...applicationOperations(homeOf),
      ...groupOperations(homeOf),
      ...configurationOperations(homeOf),
      ...deploymentOperations(homeOf, this.#deployments),
      ...tagOperations(homeOf),
    };
  }

  rights(operation: string, input: Parameters<Operation>[0], caller: Caller): readonly Right[] {
    return rightsFor(operation, input, this.#homeOf(caller));
  }

  /** Ends all deployments where they are; resolves when nothing of them is running. */
  async stopAll(): Promise<void> {
    await this.#deployments.stopAll();
    await this.#announcements.end();
  }

  #homeOf({ accountId, region }: Caller): Home {
    const key = `${accountId} ${region}`;
    const home = this.#homes.get(key) ?? new Home(accountId, region, this.#clock);
    this.#homes.set(key, home);
    return home;
  }
}
