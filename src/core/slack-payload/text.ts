import { type Check, type Inspection, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { bool, byType, kindOf, object, oneOf } from './shape.ts';
import { storedLength, type TextKind } from './stored-length.ts';

interface StringRule {
  /** Most UTF-16 units after escaping. */
  max?: number;
  kind?: TextKind;
  /** Is it shown to people? Then it counts for the budget of the message. */
  shown?: boolean;
  /** May it be nothing but white space, as in a spacer or an empty cell? */
  blank?: boolean;
  /** May it be empty altogether? */
  empty?: boolean;
}

function checkLength(value: string, rule: StringRule, pointer: string, seen: Inspection): void {
  const units = storedLength(value, rule.kind ?? 'plain_text');
  if (rule.shown) seen.textUnits += units;
  const max = rule.max;
  if (max !== undefined && units > max) {
    report(
      seen,
      pointer,
      'text-length',
      units,
      max,
      `has ${units} characters after escaping, at most ${max}`,
    );
  }
}

/** A string that is not empty, not broken and not too long. */
export function string(rule: StringRule = {}): Check {
  return (value, pointer, seen) => {
    if (typeof value !== 'string') {
      return report(seen, pointer, 'type', kindOf(value), 'string', `is ${kindOf(value)}, must be string`);
    }
    if (!rule.empty && (rule.blank ? value === '' : value.trim() === '')) {
      report(seen, pointer, 'text-empty', value.length, 1, 'is empty');
    }
    if (!value.isWellFormed()) {
      report(seen, pointer, 'text-broken', 'lone surrogate', 'well-formed text', 'holds half a character');
    }
    checkLength(value, rule, pointer, seen);
  };
}

/** An id that people never see: block_id, action_id, callback_id, external_id. */
export const id = string({ max: SLACK_LIMITS.id });

function textObject(kind: TextKind, max: number): Check {
  const flag = kind === 'mrkdwn' ? { verbatim: bool } : { emoji: bool };
  return object({ type: oneOf(kind), text: string({ max, kind, shown: true }) }, flag);
}

/** A text object of either kind. */
export function anyText(max: number): Check {
  return byType(
    { mrkdwn: textObject('mrkdwn', max), plain_text: textObject('plain_text', max) },
    'text object',
  );
}

/** A text object that Slack takes as plain_text only. */
export function plainText(max: number): Check {
  const check = textObject('plain_text', max);
  return (value, pointer, seen) => {
    const isMrkdwn =
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'mrkdwn';
    if (isMrkdwn) report(seen, `${pointer}/type`, 'text-kind', 'mrkdwn', 'plain_text', 'must be plain_text');
    else check(value, pointer, seen);
  };
}
