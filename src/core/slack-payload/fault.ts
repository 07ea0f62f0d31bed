/** Which rule a payload breaks. */
export type PayloadRule =
  | 'type' // a string where an object belongs, a list where a number belongs …
  | 'unknown-type' // a block or element that Slack does not have or that the bot keeps away from
  | 'unknown-field'
  | 'missing-field'
  | 'exclusive-fields' // exactly one of several fields, or not both
  | 'allowed-value'
  | 'text-empty'
  | 'text-length'
  | 'text-kind' // mrkdwn where only plain_text is taken
  | 'text-broken' // half a surrogate pair
  | 'number-range'
  | 'count'
  | 'bytes'
  | 'unique'
  | 'unknown-option' // preselects what is not on offer
  | 'budget'
  | 'one-table'
  | 'submit-required'
  | 'one-focus'
  | 'view-stack'
  | 'not-an-input';

/** One reason why Slack would refuse a payload. */
export interface PayloadFault {
  /** JSON pointer into the payload. */
  pointer: string;
  rule: PayloadRule;
  /** What is there: a length, a count or the offending word. */
  found: number | string;
  /** What Slack takes: the limit as a number, or the words that are allowed. */
  limit: number | string;
  /** The same in words, to be read after the pointer. */
  message: string;
}

/** What one walk through a payload collects. */
export interface Inspection {
  faults: PayloadFault[];
  /** Displayed text so far, in units as Slack counts them; feeds the budget of a message. */
  textUnits: number;
}

/** Checks one value at its place and writes what is wrong into the inspection. */
export type Check = (value: unknown, pointer: string, seen: Inspection) => void;

/** Runs checks over a payload and gives what they found, in document order. */
export function inspect(run: (seen: Inspection) => void): PayloadFault[] {
  const seen: Inspection = { faults: [], textUnits: 0 };
  run(seen);
  return seen.faults;
}

/** Writes down one fault; `what` is read after the pointer. */
export function report(
  seen: Inspection,
  pointer: string,
  rule: PayloadRule,
  found: number | string,
  limit: number | string,
  what: string,
): void {
  seen.faults.push({ pointer, rule, found, limit, message: what });
}

/** A JSON pointer one step deeper, with `~` and `/` escaped (RFC 6901). */
export function deeper(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
