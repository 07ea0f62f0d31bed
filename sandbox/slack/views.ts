import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../shared/json.ts';
import type { Block } from './screen.ts';
import { elementsOf, type Refusal, refuseView } from './validate.ts';
import { type Values, valuesOf } from './view-state.ts';
import { newId, type Workspace } from './workspace.ts';

/** A view that a person has open, or a Home. */
export interface StoredView {
  id: string;
  user: string;
  type: 'modal' | 'home';
  /** As the app sent it, ids filled in. */
  source: JsonObject & { blocks: Block[] };
  hash: string;
  rootId: string;
  previousId: string | null;
  values: Values;
  errors: Record<string, string>;
  busy: boolean;
  trouble: string | null;
}

const maxDepth = 3;

/** Every open modal, a stack a person, and every published Home. */
export class Views {
  private readonly workspace: Workspace;
  private readonly stacks = new Map<string, StoredView[]>();
  private readonly homes = new Map<string, StoredView>();

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  stack(user: string): StoredView[] {
    return this.stacks.get(user) ?? [];
  }

  home(user: string): StoredView | undefined {
    return this.homes.get(user);
  }

  find(id: string): StoredView | undefined {
    const open = [...this.stacks.values()].flat();
    return [...open, ...this.homes.values()].find((view) => view.id === id);
  }

  findExternal(externalId: string): StoredView | undefined {
    return [...this.stacks.values()].flat().find((view) => view.source['external_id'] === externalId);
  }

  /** Opens a new stack, closing whatever the person had open. Gives the view or Slack's refusal. */
  open(user: string, source: unknown): StoredView | Refusal {
    const refusal = refuseView(source, 'modal') ?? this.duplicateExternal(source, null);
    if (refusal) return refusal;
    const view = this.make(user, 'modal', source as JsonObject, null);
    this.stacks.set(user, [view]);
    this.workspace.changed();
    return view;
  }

  /** Puts a view on top of the person's stack of at most three. */
  push(user: string, source: unknown): StoredView | Refusal {
    const stack = this.stack(user);
    const refusal = refuseView(source, 'modal') ?? this.duplicateExternal(source, null);
    if (refusal) return refusal;
    if (stack.length >= maxDepth) return { error: 'push_limit_reached', messages: [] };
    const view = this.make(user, 'modal', source as JsonObject, stack.at(-1) ?? null);
    this.stacks.set(user, [...stack, view]);
    this.workspace.changed();
    return view;
  }

  /** Replaces a view's content; what the person entered stays where block_id and action_id are the same. */
  update(view: StoredView, source: unknown, hash: string | undefined): StoredView | Refusal {
    if (hash !== undefined && hash !== view.hash) return { error: 'hash_conflict', messages: [] };
    const refusal = refuseView(source, view.type) ?? this.duplicateExternal(source, view.id);
    if (refusal) return refusal;
    view.source = withIds(source as JsonObject);
    view.values = valuesOf(view.source.blocks, view.values);
    view.hash = newHash();
    view.errors = {};
    view.trouble = null;
    this.workspace.changed();
    return view;
  }

  /** Publishes a person's Home. */
  publish(user: string, source: unknown, hash: string | undefined): StoredView | Refusal {
    const current = this.homes.get(user);
    if (current) return this.update(current, source, hash);
    if (hash !== undefined) return { error: 'hash_conflict', messages: [] };
    const refusal = refuseView(source, 'home');
    if (refusal) return refusal;
    const view = this.make(user, 'home', source as JsonObject, null);
    this.homes.set(user, view);
    this.workspace.changed();
    return view;
  }

  /** Takes the view, and everything above it, from the person's stack. Gives what was closed, top first. */
  close(view: StoredView): StoredView[] {
    const stack = this.stack(view.user);
    const index = stack.indexOf(view);
    if (index < 0) return [];
    this.stacks.set(view.user, stack.slice(0, index));
    this.workspace.changed();
    return stack.slice(index).reverse();
  }

  closeAll(user: string): StoredView[] {
    const stack = this.stack(user);
    this.stacks.set(user, []);
    this.workspace.changed();
    return stack.toReversed();
  }

  /** The view as the API and interaction payloads show it. */
  json(view: StoredView, withState: boolean): JsonObject {
    const source = view.source;
    return {
      id: view.id,
      team_id: this.workspace.teamId,
      type: view.type,
      blocks: source.blocks,
      private_metadata: source['private_metadata'] ?? '',
      callback_id: source['callback_id'] ?? '',
      state: { values: withState ? view.values : {} },
      hash: view.hash,
      title: source['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
      clear_on_close: source['clear_on_close'] ?? false,
      notify_on_close: source['notify_on_close'] ?? false,
      close: source['close'] ?? null,
      submit: source['submit'] ?? null,
      previous_view_id: view.previousId,
      root_view_id: view.rootId,
      app_id: this.workspace.appId,
      external_id: source['external_id'] ?? '',
      app_installed_team_id: this.workspace.teamId,
      bot_id: this.workspace.botId,
    };
  }

  private make(
    user: string,
    type: 'modal' | 'home',
    source: JsonObject,
    below: StoredView | null,
  ): StoredView {
    const id = newId('V');
    const filled = withIds(source);
    return {
      id,
      user,
      type,
      source: filled,
      hash: newHash(),
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      values: valuesOf(filled.blocks),
      errors: {},
      busy: false,
      trouble: null,
    };
  }

  private duplicateExternal(source: unknown, own: string | null): Refusal | null {
    const externalId = (source as JsonObject)['external_id'];
    if (typeof externalId !== 'string' || externalId === '') return null;
    const other = this.findExternal(externalId);
    return other && other.id !== own ? { error: 'duplicate_external_id', messages: [] } : null;
  }
}

export function isRefusal(outcome: StoredView | Refusal): outcome is Refusal {
  return 'error' in outcome;
}

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`;
}

function withIds(source: JsonObject): JsonObject & { blocks: Block[] } {
  return { ...source, blocks: fillIds(source['blocks'] as JsonObject[]) };
}

/** Gives every block and interactive element the id that Slack makes up when the app sent none. */
export function fillIds(blocks: JsonObject[]): Block[] {
  return structuredClone(blocks).map((block) => {
    block['block_id'] ??= newId('', 5);
    for (const element of elementsOf(block))
      if (element['type'] !== 'image') element['action_id'] ??= newId('', 5);
    return block as Block;
  });
}
