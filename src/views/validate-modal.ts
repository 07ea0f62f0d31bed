import type { Phase } from '../core/catalogue/phase.ts';
import { textInput } from './form-inputs.ts';
import { context, plain, plainText, section } from './text.ts';

/** Names of the modal and its input. */
export const validateIds = {
  callback: 'validate_release',
  name: { block: 'name', element: 'name' },
} as const;

const longestName = 40;

/** Asks which release is to be validated (B1). `channel` is where the command was typed; `name` is filled in. */
export function validateModal(phase: Phase, name: string, channel: string) {
  const gates = phase.groups.flatMap((group) => group.gates);
  const automated = gates.filter(({ check }) => check !== null).length;
  const asked = gates.length - automated;
  return {
    type: 'modal' as const,
    callback_id: validateIds.callback,
    private_metadata: channel,
    title: plainText('Validate release'),
    submit: plainText('Start'),
    close: plainText('Cancel'),
    blocks: [
      textInput(validateIds.name, {
        label: 'Which release?',
        hint: 'Its name, such as 2026.47. One that is in validation already is continued.',
        initial: name,
        most: longestName,
      }),
      section(
        [
          `*What happens:* gonogo looks up what runs in *${plain(phase.environment.replaceAll('*', '∗'), 100)}*, runs`,
          `${counted(automated, 'automated check')}, and asks people for ${counted(asked, 'more answer')} in a checklist.`,
          'One message shows where it stands; its thread holds the evidence and ends in GO or NO-GO.',
        ].join(' '),
      ),
      context(`${plain(phase.name)} · ${plain(phase.url)} · Nothing is deployed or changed there.`),
    ],
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Shown instead of the modal when the message appears in another channel than the command. */
export function validationElsewhere(name: string, channel: string) {
  return {
    type: 'modal' as const,
    title: plainText('Validate release'),
    close: plainText('Close'),
    blocks: [
      section(`:white_check_mark: *Accepted:* validation of ${plain(name)}.\nFollow it in <#${channel}>.`),
    ],
  };
}
