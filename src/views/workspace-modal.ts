import type { Phase } from '../core/catalogue/phase.ts';
import type { Release } from '../core/release/state.ts';
import { textInput } from './form-inputs.ts';
import { who } from './release-words.ts';
import { context, moment, plain, plainText, section } from './text.ts';

/** Names of the form and its inputs. */
export const workspaceIds = {
  callback: 'release_workspace',
  workspace: { block: 'workspace', element: 'workspace' },
  depot: { block: 'depot', element: 'depot' },
  approval: { block: 'approval', element: 'approval' },
} as const;

const longestName = 150;
const listedReserved = 10;

/** Asks against which workspace and depot the smoke checks are made (B4). */
export function workspaceModal(release: Release, workspaces: Phase['workspaces'] | null) {
  const { workspace: recorded } = release;
  const suggested = workspaces?.suggested;
  const reserved = workspaces?.reserved ?? [];
  const source = recorded
    ? `Recorded by ${who(recorded.by)} · ${moment(recorded.at)}`
    : suggested && 'Filled in as the catalogue suggests.';
  return {
    type: 'modal' as const,
    callback_id: workspaceIds.callback,
    private_metadata: release.id,
    title: plainText('Workspace and depot'),
    submit: plainText('Save'),
    close: plainText('Back'),
    blocks: [
      section('The smoke checks are made in one workspace and depot, which are recorded with their results.'),
      ...(source ? [context(source)] : []),
      textInput(workspaceIds.workspace, {
        label: 'Workspace',
        initial: recorded?.workspace ?? suggested?.workspace ?? '',
        most: longestName,
      }),
      textInput(workspaceIds.depot, {
        label: 'Depot',
        initial: recorded?.depot ?? suggested?.depot ?? '',
        most: longestName,
      }),
      textInput(workspaceIds.approval, {
        label: 'Approval',
        hint: 'Only for a reserved workspace: who of the release owners approved it.',
        initial: recorded?.approval ?? '',
        optional: true,
        most: 300,
      }),
      ...(reserved.length > 0 ? [context(`Reserved: ${reservedNames(reserved)}`)] : []),
    ],
  };
}

function reservedNames(reserved: readonly string[]): string {
  const names = reserved.slice(0, listedReserved).map((name) => plain(name, 150));
  const left = reserved.length - names.length;
  return [...names, ...(left > 0 ? [`and ${left} more`] : [])].join(', ');
}
