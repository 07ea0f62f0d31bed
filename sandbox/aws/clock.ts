/** What `GET /_control/clock` answers. */
export interface ClockState {
  /** ISO time of the simulated world. */
  now: string;
  /** Simulated ms for one real one. */
  speed: number;
  /** Whether time moves only when it is told to. */
  frozen: boolean;
}

/** Time as the simulated world has it. It begins at the real time, and never goes back. */
export class Clock {
  readonly #real: () => number;
  /** Simulated and real time, in ms since 1970, when the clock was last set. */
  #simulated: number;
  #since: number;
  #speed = 1;
  #frozen = false;

  constructor(real: () => number = Date.now) {
    this.#real = real;
    this.#since = real();
    this.#simulated = this.#since;
  }

  /** Ms since 1970. */
  now(): number {
    if (this.#frozen) return this.#simulated;
    return Math.floor(this.#simulated + Math.max(0, this.#real() - this.#since) * this.#speed);
  }

  /** How fast it goes from now on; 1 is real. */
  setSpeed(speed: number): void {
    this.#keep();
    this.#speed = speed;
  }

  /** Frozen: it moves by `advance` alone. */
  setFrozen(frozen: boolean): void {
    this.#keep();
    this.#frozen = frozen;
  }

  /** Leaps `ms` ahead. */
  advance(ms: number): void {
    this.#keep();
    this.#simulated += ms;
  }

  state(): ClockState {
    return { now: new Date(this.now()).toISOString(), speed: this.#speed, frozen: this.#frozen };
  }

  #keep(): void {
    this.#simulated = this.now();
    this.#since = this.#real();
  }
}
