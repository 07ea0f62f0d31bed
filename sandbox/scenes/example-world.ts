import type { LinearWorld } from '../linear/server.ts';
import { defaultWorld as linearWorldByDefault } from '../linear/world.ts';
import type { SlackWorld } from '../slack/world.ts';

/** The people and places that the example catalogue names. */
export const slackWorld: Partial<SlackWorld> = {
  people: [
    { id: 'U0RELENG', name: 'rita', realName: 'Rita Release' },
    { id: 'U0DUTY', name: 'dan', realName: 'Dan On Duty' },
    { id: 'U0ADMIN', name: 'ada', realName: 'Ada Admin' },
    { id: 'U0MANAGE', name: 'mia', realName: 'Mia Manage' },
    { id: 'U0GUEST', name: 'gus', realName: 'Gus Guest' },
  ],
  channels: [
    { id: 'C0RELEASES', name: 'releases', botIsMember: true },
    { id: 'C0GENERAL', name: 'general', botIsMember: false },
  ],
  userGroups: [
    { id: 'S0RELENG', handle: 'release-engineers', name: 'Release engineers', users: ['U0RELENG', 'U0DUTY'] },
    { id: 'S0MANAGE', handle: 'manage-team', name: 'Manage team', users: ['U0MANAGE'] },
  ],
  commands: [
    {
      command: '/release',
      description: 'Cut-off, deploy to staging, validate, decide',
      usageHint: '[cutoff|deploy|validate|decide|status|help]',
    },
  ],
};

const linearByDefault = linearWorldByDefault();

/** The teams and labels that records of releases need, beside those that are there anyway. */
export const linearWorld: Partial<LinearWorld> = {
  teams: [...linearByDefault.teams, { key: 'REL', name: 'Releases' }],
  labels: [...linearByDefault.labels, { name: 'Kind: validation' }],
};
