/** How the commands of a pipeline end. Only 0 lets a pipeline go on; anything unknown is never 0 (F6). */
export const exitCodes = {
  /** GO; the gate is open. */
  go: 0,
  /** NO-GO; the gate is held, and waiting does not help. */
  noGo: 1,
  /** Not known: not decided in time, the bot or AWS did not answer, something broke. */
  unknown: 2,
  /** The command or its settings are wrong. */
  wrongUse: 3,
} as const;

/** The command was given something that it cannot work with; every fault in one sentence of its own. */
export class WrongUse extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
