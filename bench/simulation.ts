import type { Rate } from '../lib/local/quotas/token-bucket';

/** What a process waits for: a time, in seconds, or something that calls it when it is there. */
type Waiting = number | ((go: () => void) => void);

/** Somebody's way through a simulation: it yields what it waits for. */
export type Process = Generator<Waiting, void, void>;

/** Lets processes go on in the order of their times; those of the same time in the order in which they asked. */
export class Simulation {
  /** In seconds. */
  now = 0;
  readonly #heap: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];
  #asked = 0;

  /** Begins a process, now or later. */
  begin(process: Process, at = this.now): void {
    const goOn = (): void => {
      const { value, done } = process.next();
      if (done || value === undefined) return;
      if (typeof value === 'number') this.#at(value, goOn);
      else value(() => this.#at(this.now, goOn));
    };
    this.#at(at, goOn);
  }

  /** Runs until nobody waits for a time any more. */
  run(): void {
    for (let next = this.#take(); next; next = this.#take()) {
      this.now = Math.max(this.now, next.at);
      next.act();
    }
  }

  #at(at: number, act: () => void): void {
    const heap = this.#heap;
    let place = heap.push({ at, order: this.#asked++, act }) - 1;
    for (let up = (place - 1) >> 1; place > 0 && this.#isBefore(place, up); up = (place - 1) >> 1) {
      this.#swap(place, up);
      place = up;
    }
  }

  #take() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let place = 0; ; ) {
      let least = 2 * place + 1;
      if (least + 1 < heap.length && this.#isBefore(least + 1, least)) least += 1;
      if (least >= heap.length || !this.#isBefore(least, place)) return first;
      this.#swap(place, least);
      place = least;
    }
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = kept;
  }

  #isBefore(a: number, b: number): boolean {
    const one = this.#heap[a]!;
    const other = this.#heap[b]!;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }
}

/** How long was waited for something, and how much of it was used. */
export class Used {
  readonly waits: number[] = [];
  /** Calls, or seconds in which a place was taken. */
  total = 0;

  /** @returns the wait that this share of all was not longer than, in seconds. */
  wait(share: number): number {
    const sorted = [...this.waits].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }
}

/** A rate whose calls are reserved: nobody is refused, everybody has a turn. */
export class Turns {
  readonly used = new Used();
  /** The bucket has been empty, or would be, at this time. */
  #emptyAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly rate: Rate) {}

  /** Reserves so many calls. @returns when the last of them may be made */
  take(now: number, calls: number): number {
    const { burst, perSecond } = this.rate;
    this.#emptyAt = Math.max(this.#emptyAt, now - burst / perSecond) + calls / perSecond;
    const turn = Math.max(now, this.#emptyAt);
    this.used.total += calls;
    this.used.waits.push(turn - now);
    return turn;
  }
}

/** Places that are taken for a while, such as builds that may run at once: who comes first is served first. */
export class Places {
  readonly used = new Used();
  readonly #queue: (() => void)[] = [];
  #taken = 0;
  /** Most that ever were taken. */
  most = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly count: number,
  ) {}

  /** Takes a place for so many seconds. */
  *hold(seconds: number): Process {
    const asked = this.simulation.now;
    if (this.#taken >= this.count) yield (go) => void this.#queue.push(go);
    else this.#taken += 1;
    this.most = Math.max(this.most, this.#taken);
    this.used.waits.push(this.simulation.now - asked);
    this.used.total += seconds;
    yield this.simulation.now + seconds;
    const next = this.#queue.shift();
    if (next)
      next(); // it has the place now
    else this.#taken -= 1;
  }
}

/** @returns numbers from 0 to 1, the same ones for the same seed: the generator "mulberry32". */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns a time of exponential distribution. */
export const exponential = (random: () => number, mean: number): number => -Math.log(1 - random()) * mean;
