import { type Action, actionFacts, actions } from '../core/action.ts';
import type { Catalogue, CatalogueProject } from '../core/catalogue/catalogue.ts';
import type { Block } from '../core/ports.ts';
import { plain, plainText, section } from './text.ts';

/** Names of the modal and its inputs. */
export const startModalIds = {
  callback: 'start_invocation',
  action: { block: 'action', element: 'action' },
  project: { block: 'project', element: 'project' },
  confirm: { block: 'confirm', element: 'confirm' },
} as const;

/** Slack shows at most this many options in a static list; beyond, people type to find. */
const mostStaticOptions = 100;

export interface Preset {
  action: Action | null;
  /** A project's id, `all`, or null. */
  project: string | null;
  /** Where the command was typed. */
  channel: string;
}

/** The one modal of A1: what do you need to do, what project/s need it, confirm. */
export function startModal(catalogue: Catalogue, preset: Preset) {
  return {
    type: 'modal' as const,
    callback_id: startModalIds.callback,
    private_metadata: preset.channel,
    title: plainText('Release'),
    submit: plainText('Start'),
    close: plainText('Cancel'),
    blocks: [actionInput(preset.action), projectInput(catalogue, preset.project), confirmInput()],
  };
}

function actionInput(preset: Action | null): Block {
  const options = actions.map(actionOption);
  const initial = options.find(({ value }) => value === preset);
  return {
    type: 'input',
    block_id: startModalIds.action.block,
    label: plainText('What do you need to do?'),
    element: {
      type: 'radio_buttons',
      action_id: startModalIds.action.element,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

function actionOption(action: Action) {
  const effect = actionFacts[action].effect;
  return {
    text: plainText(action),
    description: plainText(effect.charAt(0).toUpperCase() + effect.slice(1)),
    value: action as string,
  };
}

function projectInput(catalogue: Catalogue, preset: string | null): Block {
  const { block, element } = startModalIds.project;
  const common = { action_id: element, placeholder: plainText('Choose a project, or all') };
  const initial = preset === null ? undefined : projectOption(catalogue, preset);
  const chosen = initial && { initial_option: initial };
  const list =
    catalogue.projects.length < mostStaticOptions
      ? { type: 'static_select', ...common, ...chosen, ...groupedOptions(catalogue) }
      : { type: 'external_select', ...common, ...chosen, min_query_length: 0 };
  return {
    type: 'input',
    block_id: block,
    label: plainText('What project/s need it?'),
    hint: plainText('all starts one pipeline in every project of the catalogue.'),
    element: list,
  };
}

function projectOption(catalogue: Catalogue, id: string) {
  return id === 'all'
    ? { text: plainText(`all (${catalogue.projects.length} projects)`), value: 'all' }
    : optionOf({ id });
}

function optionOf({ id }: Pick<CatalogueProject, 'id'>) {
  return { text: plainText(id), value: id };
}

function groupedOptions(catalogue: Catalogue) {
  const all = projectOption(catalogue, 'all');
  if (catalogue.groups.length === 0) return { options: [all, ...catalogue.projects.map(optionOf)] };
  const groups = catalogue.groups.map(({ id, name }) => ({
    label: plainText(name),
    options: catalogue.projects.filter((project) => project.group === id).map(optionOf),
  }));
  const loose = catalogue.projects.filter((project) => project.group === undefined).map(optionOf);
  const option_groups = [
    { label: plainText('Everything'), options: [all] },
    ...groups,
    { label: plainText('Other projects'), options: loose },
  ].filter(({ options }) => options.length > 0);
  return { option_groups };
}

/** Answers the type-ahead: ids that contain what was typed, those that begin with it first, at most 100. */
export function projectSuggestions(catalogue: Catalogue, typed: string) {
  const query = typed.trim().toLowerCase();
  const ids = catalogue.projects.map(({ id }) => id).filter((id) => id.includes(query));
  const ordered = [...ids.filter((id) => id.startsWith(query)), ...ids.filter((id) => !id.startsWith(query))];
  const all = 'all'.startsWith(query) ? ['all'] : [];
  return {
    options: [...all, ...ordered].slice(0, mostStaticOptions).map((id) => projectOption(catalogue, id)),
  };
}

/** Slack itself asks for the tick before it sends the form; the server asks again (A3). */
function confirmInput(): Block {
  const { block, element } = startModalIds.confirm;
  return {
    type: 'input',
    block_id: block,
    label: plainText('Confirm'),
    hint: plainText('Without this tick nothing starts.'),
    element: {
      type: 'checkboxes',
      action_id: element,
      options: [{ text: plainText('Yes, start it now.'), value: 'yes' }],
    },
  };
}

/** Shown instead of the modal when the message appears in another channel than the command. */
export function startedElsewhere(channel: string, title: string) {
  return {
    type: 'modal' as const,
    title: plainText('Release'),
    close: plainText('Close'),
    blocks: [section(`:white_check_mark: *Accepted:* ${plain(title)}.\nFollow it in <#${channel}>.`)],
  };
}
