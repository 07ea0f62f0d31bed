import { type Check, deeper, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { type Fields, isFields, list, object, reportRepeats } from './shape.ts';
import { anyText, plainText, string } from './text.ts';

const description = plainText(SLACK_LIMITS.optionText);
const value = string({ max: SLACK_LIMITS.optionText });

/** An option of a select menu: plain_text only. */
export const menuOption = object({ text: plainText(SLACK_LIMITS.optionText), value }, { description });

/** An option of check boxes or radio buttons: mrkdwn is taken too. */
export const choiceOption = object(
  { text: anyText(SLACK_LIMITS.optionText), value },
  { description: anyText(SLACK_LIMITS.optionText) },
);

/** An option of an overflow menu, which may open a link. */
export const overflowOption = object(
  { text: plainText(SLACK_LIMITS.optionText), value },
  { description, url: string({ max: SLACK_LIMITS.url }) },
);

/** A group of options in a select menu. */
export const optionGroup = object({
  label: plainText(SLACK_LIMITS.optionText),
  options: list(menuOption, 1, SLACK_LIMITS.selectOptions),
});

function fieldsIn(field: unknown): Fields[] {
  return Array.isArray(field) ? field.filter(isFields) : [];
}

/** Every option of an element with its place, whether grouped or not. */
function optionsOf(element: Fields, pointer: string): [option: Fields, pointer: string][] {
  const at = (options: unknown, place: string) =>
    fieldsIn(options).map((option, index): [Fields, string] => [option, deeper(place, index)]);
  const groups = fieldsIn(element['option_groups']);
  return [
    ...at(element['options'], deeper(pointer, 'options')),
    ...groups.flatMap((group, index) => at(group['options'], `${pointer}/option_groups/${index}/options`)),
  ];
}

/** The values of an element's options must differ, or nobody can tell which was chosen. */
export const distinctOptions: Check = (element, pointer, seen) => {
  if (!isFields(element)) return;
  reportRepeats(
    optionsOf(element, pointer).map(([option, place]) => [option['value'], deeper(place, 'value')] as const),
    seen,
  );
};

/** Slack refuses an `initial_option` that is not, field by field, one of the options. */
export const initialAmongOptions: Check = (element, pointer, seen) => {
  if (!isFields(element)) return;
  const offered = new Set(optionsOf(element, pointer).map(([option]) => canonical(option)));
  const chosen: [unknown, string][] = [[element['initial_option'], deeper(pointer, 'initial_option')]];
  for (const [index, option] of fieldsIn(element['initial_options']).entries()) {
    chosen.push([option, `${pointer}/initial_options/${index}`]);
  }
  for (const [option, place] of chosen) {
    if (!isFields(option) || offered.has(canonical(option))) continue;
    const found = String(option['value']);
    report(
      seen,
      place,
      'unknown-option',
      found,
      'one of the options',
      `"${found}" is not exactly one of the options`,
    );
  }
};

/** The same JSON text for the same content, whatever the order of the fields. */
function canonical(content: unknown): string {
  return JSON.stringify(content, (_key, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
