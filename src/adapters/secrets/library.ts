import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleContext, SecretLintSourceCode } from '@secretlint/types';
import type { Found } from './found.ts';

/** It lets a comment in the text switch the others off: for code of one's own, not for what strangers wrote. */
const trusting = '@secretlint/secretlint-rule-filter-comments';
const used = rules.filter(({ meta }) => meta.id !== trusting);
/** AWS: access key ids and account ids too. */
const options = { allows: [], enableIDScanRule: true };

/**
 * Every secret that secretlint's recommended rules find. They are run without secretlint's core, which keeps
 * measurements of every run in memory for ever (docs/decisions/0018).
 */
export async function byLibrary(text: string): Promise<Found[]> {
  const found: Found[] = [];
  const source = sourceOf(text);
  for (const rule of used) {
    const kind = rule.meta.id.split('-rule-').at(-1) ?? 'secret';
    await rule.create(contextOf(kind, found), options).file?.(source);
  }
  return found;
}

function contextOf(kind: string, found: Found[]): SecretLintRuleContext {
  return {
    sharedOptions: {},
    // Messages quote the secret, so none is made.
    createTranslator: () => (messageId) => ({ message: '', messageId: String(messageId), data: undefined }),
    report: ({ range: [start, end] }) => {
      found.push({ start, end, kind });
    },
    ignore: () => {},
  };
}

/** A text of no file. */
function sourceOf(content: string): SecretLintSourceCode {
  return {
    content,
    ext: '',
    contentType: 'text',
    hasBOM: false,
    filePath: undefined,
    physicalFilePath: undefined,
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: unasked,
    rangeToLocation: unasked,
    positionToIndex: unasked,
    indexToPosition: unasked,
  };
}

function unasked(): never {
  throw new Error('a rule asked for lines and columns, which are not kept here');
}
