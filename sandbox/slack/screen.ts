/**
 * What a person sees in the simulated Slack: the answer of `GET /_control/screen?user=U…`.
 * The browser page draws it, and acceptance tests read it; both therefore see the same thing.
 * Blocks are Slack's own Block Kit JSON, exactly as the bot sent them.
 */
export interface Screen {
  /** The person whose eyes these are. */
  user: Person;
  /** Everybody in the workspace; the page offers them in its "You are" menu. */
  people: Person[];
  /** User groups, for the names in mentions. */
  userGroups: { id: string; handle: string }[];
  channels: Channel[];
  /** Views open for this person, the top of the stack last. At most three, as in Slack. */
  views: View[];
  /** The app's Home as last published for this person, or null. */
  home: View | null;
  /** Slash commands the app declares, for completion in the command box. */
  commands: { command: string; description: string; usageHint: string }[];
  /** True while an app is connected (Socket Mode) or a request URL is set (HTTP). */
  appConnected: boolean;
  /** Grows by one with every visible change; `GET /_control/changes` (server-sent events) announces it. */
  revision: number;
}

export interface Person {
  id: string;
  name: string;
  realName: string;
  isBot: boolean;
  /** Handles of the user groups this person is in. */
  groups: string[];
}

export interface Channel {
  id: string;
  name: string;
  /** Whether the bot is a member. */
  botIsMember: boolean;
  /** Top-level messages, oldest first; replies hang below their parent. */
  messages: Message[];
}

export interface Message {
  ts: string;
  /** Author: a person's id or the bot's user id. */
  user: string;
  text: string;
  blocks: Block[];
  /** Seconds and fraction of the last change, or null. */
  edited: string | null;
  /** Only the viewing person sees it; it vanishes on reload, so `screen?fresh=1` leaves it out. */
  ephemeral: boolean;
  /** Replies of the thread, oldest first (empty on a reply). */
  replies: Message[];
  /** A reply that was also sent to the channel (thread_broadcast). */
  broadcast: boolean;
}

export interface View {
  id: string;
  type: 'modal' | 'home';
  callbackId: string;
  title: string;
  submit: string | null;
  close: string;
  blocks: Block[];
  hash: string;
  /** Errors the app answered to the last submit, by block_id of an input. */
  errors: Record<string, string>;
  /** The values as they stand now: `state.values[block_id][action_id]`, in Slack's own shape. */
  values: Record<string, Record<string, unknown>>;
  /** True between a submit and the app's acknowledgement. */
  busy: boolean;
  /** Slack's own words when the last submit was not acknowledged ("We had some trouble connecting…"), or null. */
  trouble: string | null;
}

/** Block Kit JSON as sent. Its shape was validated before it was stored. */
export type Block = Record<string, unknown> & { type: string; block_id: string };
