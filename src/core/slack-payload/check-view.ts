import { blocksOf, checkBlockIds, homeBlock, modalBlock } from './blocks.ts';
import { jsonBytes } from './check-message.ts';
import { type Check, deeper, type Inspection, inspect, type PayloadFault, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { distinctOptions, menuOption, optionGroup } from './options.ts';
import { bool, byType, exactlyOneOf, type Fields, isFields, list, object, oneOf } from './shape.ts';
import { id, plainText, string } from './text.ts';

const title = plainText(SLACK_LIMITS.viewTitle);

function blocks(block: Check): Check {
  return list(block, 1, SLACK_LIMITS.viewBlocks);
}

const common = {
  private_metadata: string({ max: SLACK_LIMITS.privateMetadata, empty: true }),
  callback_id: id,
  external_id: id,
};

const view = byType(
  {
    modal: object(
      { type: oneOf('modal'), title, blocks: blocks(modalBlock) },
      { submit: title, close: title, clear_on_close: bool, notify_on_close: bool, ...common },
    ),
    home: object({ type: oneOf('home'), blocks: blocks(homeBlock) }, common),
  },
  'view',
);

function checkSubmit(payload: Fields, seen: Inspection): void {
  const hasInput = blocksOf(payload).some(([, block]) => block['type'] === 'input');
  if (payload['type'] !== 'modal' || !hasInput || payload['submit'] !== undefined) return;
  report(seen, '', 'submit-required', 'nothing', 'submit', 'has an input but no `submit`');
}

/** Only one element of a view may take the focus. */
function checkFocus(payload: Fields, seen: Inspection): void {
  const focused = blocksOf(payload).flatMap(([index, block]) => {
    const elements = Array.isArray(block['elements']) ? block['elements'] : [];
    const candidates: unknown[] = [block['element'], block['accessory'], ...elements];
    return candidates
      .filter((one) => isFields(one) && one['focus_on_load'] === true)
      .map(() => `/blocks/${index}`);
  });
  for (const pointer of focused.slice(1)) {
    report(seen, pointer, 'one-focus', focused.length, 1, 'a view focuses one element only');
  }
}

function checkSize(payload: Fields, seen: Inspection): void {
  const found = jsonBytes(payload);
  const max = SLACK_LIMITS.viewBytes;
  if (found > max) report(seen, '', 'bytes', found, max, `the view has ${found} bytes, at most ${max}`);
}

/**
 * Checks a modal or App Home before it is opened, pushed, updated or published.
 * @param stackDepth how many views of the modal are open once this one is: 1 for views.open.
 * @returns what Slack would refuse, in document order; empty when nothing.
 */
export function checkView(payload: unknown, stackDepth = 1): PayloadFault[] {
  return inspect((seen) => {
    view(payload, '', seen);
    const max = SLACK_LIMITS.viewStack;
    if (stackDepth > max)
      report(seen, '', 'view-stack', stackDepth, max, `is view ${stackDepth} of a stack of ${max}`);
    if (!isFields(payload)) return;
    checkBlockIds(payload, seen);
    checkSubmit(payload, seen);
    checkFocus(payload, seen);
    checkSize(payload, seen);
  });
}

const optionsAnswer = object(
  {},
  {
    options: list(menuOption, 0, SLACK_LIMITS.selectOptions),
    option_groups: list(optionGroup, 0, SLACK_LIMITS.selectGroups),
  },
  exactlyOneOf('options', 'option_groups'),
  distinctOptions,
);

/** Checks the answer to a type-ahead: `{options}` or `{option_groups}`; no match is an empty list. */
export function checkOptions(answer: unknown): PayloadFault[] {
  return inspect((seen) => optionsAnswer(answer, '', seen));
}

const submissionError = string({ max: SLACK_LIMITS.submissionError });

/**
 * Checks the errors that answer a submit: each is keyed by the block_id of an input of the view it answers,
 * or Slack shows nothing at all.
 */
export function checkSubmissionErrors(
  submitted: { readonly blocks: readonly unknown[] },
  errors: Readonly<Record<string, string>>,
): PayloadFault[] {
  const inputs = submitted.blocks.filter(isFields).filter((block) => block['type'] === 'input');
  const ids = new Set(inputs.map((block) => block['block_id']));
  return inspect((seen) => {
    const entries = Object.entries(errors);
    if (entries.length === 0) report(seen, '', 'count', 0, 1, 'has no error to show');
    for (const [blockId, message] of entries) {
      const pointer = deeper('', blockId);
      const known = [...ids].join(' | ');
      if (!ids.has(blockId))
        report(seen, pointer, 'not-an-input', blockId, known, `"${blockId}" is no input of the view`);
      submissionError(message, pointer, seen);
    }
  });
}
