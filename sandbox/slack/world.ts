/** Who and what is in the simulated workspace. */
export interface SlackWorld {
  people: { id: string; name: string; realName: string; groups?: string[] }[];
  /** Without `members` everybody is in the channel. `isPrivate` channels are hidden from a bot outside them. */
  channels: { id: string; name: string; botIsMember: boolean; members?: string[]; isPrivate?: boolean }[];
  userGroups: { id: string; handle: string; name: string; users: string[] }[];
  commands: { command: string; description: string; usageHint: string }[];
  /** False: `usergroups.*` answers `plan_upgrade_required`. */
  paidPlan?: boolean;
  /** The bot token's scopes. */
  scopes?: string[];
  /** Event types the app subscribed to (`app_home_opened`, `app_mention`, `message.channels`). */
  events?: string[];
}

export interface SlackOptions {
  world?: Partial<SlackWorld>;
  /** 0, the default, takes a free one. */
  port?: number;
  /** 1 = Slack's own rate windows and redelivery delays; 60 = sixty times shorter. */
  timeScale?: number;
  /** Signed HTTP delivery goes there; without it, Socket Mode. */
  requestUrl?: string;
}

/** The scopes of the facts' list (facts/slack.md, "Manifest"). */
const defaultScopes = [
  'commands',
  'chat:write',
  'channels:read',
  'channels:join',
  'channels:history',
  'groups:read',
  'groups:history',
  'usergroups:read',
  'users:read',
  'reactions:write',
];

/** A small team with the roles the examples use. */
export const defaultWorld: Required<SlackWorld> = {
  people: [
    { id: 'U01ADA', name: 'ada', realName: 'Ada Lovelace' },
    { id: 'U02GRACE', name: 'grace', realName: 'Grace Hopper' },
    { id: 'U03LINUS', name: 'linus', realName: 'Linus Pauling' },
    { id: 'U04MARIE', name: 'marie', realName: 'Marie Curie' },
  ],
  channels: [
    { id: 'C01RELEASES', name: 'releases', botIsMember: true },
    { id: 'C02GENERAL', name: 'general', botIsMember: false },
  ],
  userGroups: [
    {
      id: 'S01RELEASE',
      handle: 'release-engineers',
      name: 'Release engineers',
      users: ['U01ADA', 'U02GRACE'],
    },
    { id: 'S02QA', handle: 'qa', name: 'QA', users: ['U02GRACE', 'U04MARIE'] },
  ],
  commands: [
    {
      command: '/release',
      description: 'Cut off, deploy or follow a release',
      usageHint: '[cutoff|deploy|status|help]',
    },
  ],
  paidPlan: true,
  scopes: defaultScopes,
  events: ['app_home_opened'],
};
