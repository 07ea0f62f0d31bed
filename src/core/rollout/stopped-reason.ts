import {
  benignCodes,
  benignReason,
  type Cause,
  noCause,
  otherCauses,
  type SaidCause,
  type StopKind,
  saidCauses,
} from './stop-causes.ts';

/** What ECS shows of a task that stopped. */
export interface Stop {
  stopCode: string | null;
  stoppedReason: string | null;
  containers: readonly StoppedContainer[];
}

export interface StoppedContainer {
  name: string;
  exitCode: number | null;
  /** ECS's own words: `OutOfMemoryError: Container killed due to memory usage`. */
  reason: string | null;
  essential: boolean;
}

/** Why a task stopped, in plain words, and who does what about it. */
export interface StopMeaning extends Cause {
  kind: StopKind;
  /** The container that began it, where one did. */
  container: string | null;
  exitCode: number | null;
}

/**
 * Reads ECS's stop code, reasons and exit codes (facts: what each failure looks like). How a start failed is looked
 * for first: a task that never started may carry the words of a rollback too. Only then comes what is benign, and
 * exit codes last: a task that is scaled away ends with 137 or 143 as well.
 */
export function meaningOf(stop: Stop): StopMeaning {
  const text = textOf(stop);
  const said = saidCauses.find(({ says }) => says.test(text));
  if (said) return { kind: said.kind, ...culpritOf(stop, said.says), ...exactly(said, text) };
  const nobody = { container: null, exitCode: null };
  if (isBenign(stop))
    return { kind: 'benign', ...nobody, cause: 'The task was not needed any more.', remedy: '' };
  if (isExit(stop)) return exitOf(stop);
  const { cause, remedy } =
    otherCauses.find(({ says }) => says.test(`${stop.stopCode ?? ''}\n${text}`)) ?? noCause;
  return { kind: 'unknown', ...culpritOf(stop, /^/), cause, remedy };
}

function textOf({ stoppedReason, containers }: Stop): string {
  return [stoppedReason, ...containers.map(({ reason }) => reason)].filter(Boolean).join('\n');
}

function exactly({ because = [], cause, remedy }: SaidCause, text: string): Cause {
  const found = because.find(({ says }) => says.test(text));
  return found ? { cause: found.cause, remedy: found.remedy } : { cause, remedy };
}

function isBenign({ stopCode, stoppedReason }: Stop): boolean {
  return benignCodes.includes(stopCode ?? '') || benignReason.test(stoppedReason ?? '');
}

function isExit({ stopCode, stoppedReason }: Stop): boolean {
  return stopCode === 'EssentialContainerExited' || /essential container/i.test(stoppedReason ?? '');
}

/** The container that says it; otherwise the one whose end is the most telling. */
function culpritOf({ containers }: Stop, says: RegExp): Pick<StopMeaning, 'container' | 'exitCode'> {
  const said = containers.find(({ reason }) => reason !== null && says.test(reason));
  const found = said ?? mostTelling(containers);
  return { container: found?.name ?? null, exitCode: found?.exitCode ?? null };
}

/**
 * An error before a kill, a kill before an orderly end: when one container ends, ECS stops the others, which end with
 * 0 or 143 when they listen and with 137 when they do not.
 */
function mostTelling(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const ended = containers.filter(({ exitCode }) => exitCode !== null);
  const essential = ended.filter((one) => one.essential);
  const rank = ({ exitCode }: StoppedContainer) => {
    if (exitCode === 143) return 3;
    if (exitCode === 0) return 2;
    return exitCode === 137 ? 1 : 0;
  };
  return (essential.length > 0 ? essential : ended).toSorted((a, b) => rank(a) - rank(b))[0];
}

/** What well-known exit codes say; 128 and more is a signal. */
const exitWords: Record<number, string> = {
  126: 'its command cannot be run',
  127: 'its command was not found',
  134: 'it aborted',
  139: 'it accessed memory that is not its own',
  143: 'it was asked to stop',
};

function exitOf({ containers }: Stop): StopMeaning {
  const found = mostTelling(containers);
  const [container, exitCode] = [found?.name ?? null, found?.exitCode ?? null];
  const who = container === null ? 'An essential container' : `The container ${container}`;
  const look = 'The service owner looks into the last lines of the task';
  if (exitCode === 137)
    return {
      kind: 'killed',
      container,
      exitCode,
      cause: `${who} was killed (exit code 137): by the machine for its memory, or because it did not stop in time.`,
      remedy: `${look}, and at its memory and how it stops.`,
    };
  const words = exitCode === null ? undefined : exitWords[exitCode];
  const how = exitCode === null ? 'ended' : `ended with exit code ${exitCode}`;
  const why = exitCode === 0 ? 'a service must go on running' : words;
  return {
    kind: 'essential-exit',
    container,
    exitCode,
    cause: `${who} ${how}${why ? `: ${why}` : ''}.`,
    remedy: `${look}, corrects it and deploys again.`,
  };
}
