import { LAMBDA_CONTROL_CALLS } from '../lib/core/contracts/call-reservations';
import { PACE } from '../lib/local/pace/pace';
import { AMOUNTS } from '../lib/local/quotas/amounts';
import { RATES } from '../lib/local/quotas/rates';
import { exponential, Places, type Process, randomOf, Simulation, Turns, Used } from './simulation';

/** An organisation, what it pushes, and what it has set. Times are in seconds. */
export interface ScaleSettings {
  readonly services: number;
  readonly accounts: number;
  readonly regions: number;
  readonly pushesAnHour: number;
  /** How long pushes come. */
  readonly hours: number;
  /** Builds that run at once. */
  readonly builds: number;
  /** How long CodeBuild takes before the first line of a build runs: at the least, and on average beyond that. */
  readonly provisioning: readonly [least: number, more: number];
  /** What a release writes to GitHub. */
  readonly writesOfRelease: number;
  /** Installations of the GitHub App (or tokens) among which the apps are spread. */
  readonly installations: number;
  /** Seconds between two looks at a stack that is being updated. */
  readonly lookAtStack: number;
  readonly seed: number;
}

/** 1,000 services, 300 pushes an hour, 20 accounts, 3 regions, and what a new installation has. */
export const LARGE: ScaleSettings = {
  services: 1000,
  accounts: 20,
  regions: 3,
  pushesAnHour: 300,
  hours: 8,
  builds: AMOUNTS['codebuild-linux-medium'].figure,
  provisioning: [20, 25],
  writesOfRelease: 6,
  installations: 1,
  lookAtStack: 1,
  seed: 13,
};

const FUNCTIONS = 20;
/** A release has so many services side by side. */
const SIDE_BY_SIDE = 40;
const SECOND = 1000;
/** The latencies of AWS that a release waits for, in seconds. */
const [UPDATE, MOVE, READY] = [
  PACE['lambda-update-function-code'].aws / SECOND,
  PACE.lambda.aws / SECOND,
  PACE['function-change'].aws / SECOND,
];
const [STACK, STACK_FUNCTION] = [PACE['stack-operation'].aws / SECOND, PACE['stack-function'].aws / SECOND];
/** From the event to the lock, of the plan, of the decision, and of record and finish: rounded from the benchmarks. */
const [TRIGGER, PLAN, DECIDE, RECORD] = [0.3, 1, 0.5, 0.5];
/** A canary of ten minutes. */
const CANARY = 600;

/** What was waited for in a simulated time, and what became of the pushes. */
export interface ScaleResult {
  /** Limits by what they are of; those that each place has are those of the busiest one. */
  readonly limits: Readonly<Record<LimitName, LimitResult>>;
  /** From the push to its release's end, in seconds: of pushes of one service, and of all. */
  readonly pushes: { readonly one: Used; readonly all: Used };
  /** Pushes that a newer one replaced before they began. */
  readonly superseded: number;
  /** Services that were released, by all pushes together. */
  readonly services: number;
}

export type LimitName =
  | "Lambda's control calls"
  | "CloudFormation's reads"
  | 'builds at once'
  | "GitHub's writes in a minute"
  | "GitHub's writes in an hour"
  | 'releases of a stage, one at a time';

/** How a limit was used. */
interface LimitResult {
  /** Share of what it allows over all of the time. */
  readonly share: number;
  readonly used: Used;
}

/** An app's stage, in which one release runs at a time. */
interface Stage {
  readonly place: number;
  readonly installation: number;
  readonly services: number;
  /** How often it is pushed to, among all. */
  readonly weight: number;
  readonly gradual: boolean;
  running: boolean;
  waiting: { readonly go: () => void; superseded: boolean } | undefined;
}

/** Plays so many hours of pushes. The same settings give the same result. */
export function simulate(settings: ScaleSettings): ScaleResult {
  return new Organisation(settings).play();
}

class Organisation {
  readonly #random: () => number;
  readonly #simulation = new Simulation();
  readonly #stages: readonly Stage[];
  readonly #weights: number;
  readonly #control: readonly Turns[];
  readonly #reads: readonly Turns[];
  readonly #minutes: readonly Turns[];
  readonly #hours: readonly Turns[];
  readonly #builds: Places;
  readonly #locks = new Map<Stage, number>();
  readonly #lockWaits = new Used();
  readonly #pushes = { one: new Used(), all: new Used() };
  #superseded = 0;
  #released = 0;

  constructor(private readonly settings: ScaleSettings) {
    this.#random = randomOf(settings.seed);
    const { accounts, regions, installations, builds } = settings;
    const each = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);
    const content = (figure: number, seconds: number) => ({ burst: figure, perSecond: figure / seconds });
    this.#control = each(accounts * regions, () => new Turns(LAMBDA_CONTROL_CALLS));
    this.#reads = each(accounts * regions, () => new Turns(RATES['cloudformation-describe-stack-events'].rate));
    this.#minutes = each(installations, () => new Turns(content(AMOUNTS['github-content-a-minute'].figure, 60)));
    this.#hours = each(installations, () => new Turns(content(AMOUNTS['github-content-an-hour'].figure, 3600)));
    this.#builds = new Places(this.#simulation, builds);
    this.#stages = this.#makeStages();
    this.#weights = this.#stages.reduce((sum, { weight }) => sum + weight, 0);
  }

  play(): ScaleResult {
    const { hours, pushesAnHour } = this.settings;
    const end = hours * 3600;
    for (let at = 0; ; ) {
      at += exponential(this.#random, 3600 / pushesAnHour);
      if (at > end) break;
      this.#simulation.begin(this.#push(at), at);
    }
    this.#simulation.run();
    const seconds = Math.max(end, this.#simulation.now);
    const busiest = (all: readonly Turns[], perSecond: number): LimitResult => {
      const used = all.map((one) => one.used).reduce((most, one) => (one.total > most.total ? one : most));
      return { share: used.total / (perSecond * seconds), used };
    };
    const lock = Math.max(0, ...this.#locks.values());
    return {
      limits: {
        "Lambda's control calls": busiest(this.#control, RATES['lambda-calls'].rate.perSecond),
        "CloudFormation's reads": busiest(this.#reads, RATES['cloudformation-describe-stack-events'].rate.perSecond),
        'builds at once': {
          share: this.#builds.used.total / (this.settings.builds * seconds),
          used: this.#builds.used,
        },
        "GitHub's writes in a minute": busiest(this.#minutes, AMOUNTS['github-content-a-minute'].figure / 60),
        "GitHub's writes in an hour": busiest(this.#hours, AMOUNTS['github-content-an-hour'].figure / 3600),
        'releases of a stage, one at a time': { share: lock / seconds, used: this.#lockWaits },
      },
      pushes: this.#pushes,
      superseded: this.#superseded,
      services: this.#released,
    };
  }

  /** Half of the services are in a few large repositories, two fifths in middle ones, and the rest are alone. */
  #makeStages(): readonly Stage[] {
    const { services, accounts, regions, installations } = this.settings;
    const sizes: number[] = [];
    for (const [share, size] of [
      [0.5, 50],
      [0.4, 10],
      [0.1, 1],
    ] as const)
      for (let left = Math.round(share * services); left > 0; left -= size) sizes.push(Math.min(size, left));
    return sizes.flatMap((size, app) =>
      ['dev', 'preview', 'prod'].map((stage) => ({
        // Production has accounts of its own.
        place: (app % regions) * accounts + ((app % (accounts / 2)) + (stage === 'prod' ? accounts / 2 : 0)),
        installation: app % installations,
        services: size,
        weight: Math.sqrt(size),
        gradual: stage === 'prod',
        running: false,
        waiting: undefined,
      })),
    );
  }

  /** @returns the stage that somebody pushes to: large repositories are pushed to more often. */
  #stage(): Stage {
    const all = this.#stages;
    let left = this.#random() * this.#weights;
    const chosen = all.findIndex(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    const app = Math.floor(Math.max(0, chosen) / 3) * 3;
    const which = this.#random();
    return all[app + (which < 0.6 ? 0 : which < 0.9 ? 1 : 2)]!;
  }

  /** @returns how many services a push changes: most change one, and one of fifty all, as when shared code changes. */
  #changed({ services }: Stage): number {
    const which = this.#random();
    if (which < 0.75) return 1;
    if (which < 0.95) return Math.min(services, 2 + Math.floor(this.#random() * 4));
    return which < 0.98 ? Math.ceil(services / 2) : services;
  }

  *#push(at: number): Process {
    const stage = this.#stage();
    const services = this.#changed(stage);
    yield this.#simulation.now + TRIGGER;
    const asked = this.#simulation.now;
    if (!(yield* this.#lock(stage))) {
      this.#superseded += 1;
      return;
    }
    const began = this.#simulation.now;
    this.#lockWaits.waits.push(began - asked);
    yield began + PLAN;
    let left = services;
    let started = 0;
    let whenAll: (() => void) | undefined;
    const next = () => {
      if (started === services) return;
      started += 1;
      this.#simulation.begin(
        this.#service(stage, services, () => {
          left -= 1;
          if (left === 0) whenAll?.();
          else next();
        }),
      );
    };
    for (let count = 0; count < SIDE_BY_SIDE; count += 1) next();
    yield (go) => {
      whenAll = go;
    };
    yield this.#simulation.now + (stage.gradual ? CANARY : 0) + RECORD;
    this.#tellGitHub(stage);
    this.#released += services;
    const took = this.#simulation.now - at;
    this.#pushes.all.waits.push(took);
    if (services === 1 && !stage.gradual) this.#pushes.one.waits.push(took);
    this.#locks.set(stage, (this.#locks.get(stage) ?? 0) + this.#simulation.now - began);
    this.#unlock(stage);
  }

  /** @returns whether the release may run; it may not if a newer one came while it waited */
  *#lock(stage: Stage): Generator<(go: () => void) => void, boolean, void> {
    if (!stage.running) {
      stage.running = true;
      return true;
    }
    if (stage.waiting) {
      stage.waiting.superseded = true;
      stage.waiting.go();
    }
    let superseded = () => false;
    yield (go) => {
      const own = { go, superseded: false };
      stage.waiting = own;
      superseded = () => own.superseded;
    };
    return !superseded();
  }

  #unlock(stage: Stage): void {
    const { waiting } = stage;
    stage.waiting = undefined;
    if (waiting) waiting.go();
    else stage.running = false;
  }

  *#service({ place }: Stage, services: number, ended: () => void): Process {
    const { provisioning, lookAtStack } = this.settings;
    const random = this.#random;
    const simulation = this.#simulation;
    // A build: its machine, and then installing, packaging and uploading.
    const [least, more] = provisioning;
    yield* this.#builds.hold(Math.min(180, least + exponential(random, more)) + 15 + exponential(random, 15));
    yield simulation.now + DECIDE;
    const functions = services > 5 ? FUNCTIONS : changedFunctions(random);
    if (random() < 0.15) {
      const over = simulation.now + STACK + functions * STACK_FUNCTION;
      do {
        yield simulation.now + lookAtStack;
        yield this.#reads[place]!.take(simulation.now, 1);
      } while (simulation.now < over);
    } else {
      yield this.#control[place]!.take(simulation.now, functions);
      yield simulation.now + UPDATE + READY;
    }
    yield this.#control[place]!.take(simulation.now, functions);
    yield simulation.now + MOVE;
    ended();
  }

  /** Nobody waits for GitHub: what waits is what is told there. */
  #tellGitHub({ installation }: Stage): void {
    for (const turns of [this.#minutes, this.#hours])
      turns[installation]!.take(this.#simulation.now, this.settings.writesOfRelease);
  }
}

/** @returns how many functions of a service a push changes: mostly one. */
function changedFunctions(random: () => number): number {
  const which = random();
  if (which < 0.6) return 1;
  return which < 0.9 ? 2 + Math.floor(random() * 4) : FUNCTIONS;
}

/** @returns how long new code of so many functions of so many services takes, as fast as Lambda lets it, in seconds. */
export function simulateOneRelease(services: number, functions: number): number {
  const simulation = new Simulation();
  const control = new Turns(RATES['lambda-calls'].rate);
  let last = 0;
  function* service(): Process {
    yield control.take(simulation.now, functions);
    yield simulation.now + UPDATE + READY;
    yield control.take(simulation.now, functions);
    yield simulation.now + MOVE;
    last = simulation.now;
  }
  for (let count = 0; count < services; count += 1) simulation.begin(service());
  simulation.run();
  return last;
}
