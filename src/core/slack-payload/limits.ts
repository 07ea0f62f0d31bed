/**
 * What Slack accepts, in one place. Lengths are UTF-16 units after escaping (see `stored-length.ts`) unless a
 * name says bytes; KB are read as 1,000 bytes, the stricter reading. Source: the limits table of Slack's own
 * reference and type documentation; where Slack documents nothing the number stays well inside what was seen.
 */
export const SLACK_LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewBytes: 250_000,
  /** Slack documents no limit; `msg_blocks_too_long` was reported from about 11,300. */
  messageBudget: 10_000,
  budgetPerBlock: 125,
  /** chat.update cuts at 4,000 bytes after escaping; one cap for every method keeps updates possible. */
  topTextBytes: 3_500,
  metadataBytes: 1_000,
  eventType: 255,
  text: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionsElements: 25,
  altText: 2_000,
  url: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  tableRows: 100,
  tableCells: 20,
  tablesPerMessage: 1,
  buttonText: 75,
  buttonValue: 2_000,
  choiceOptions: 10,
  selectOptions: 100,
  selectGroups: 100,
  overflowOptions: 5,
  optionText: 75,
  placeholder: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  inputMaxLength: 3_000,
  id: 255,
  viewTitle: 24,
  privateMetadata: 3_000,
  viewStack: 3,
  /** Undocumented: an error under a field is a sentence or two. */
  submissionError: 1_000,
} as const;
