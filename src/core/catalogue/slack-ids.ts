import type { z } from 'zod';
import { text } from './fields.ts';
import { quoted, twoLines } from './wording.ts';

const HOW_TO = {
  user: 'Write the member id, for example U0RELENG: in Slack open the profile, then ⋮ and "Copy member ID".',
  group:
    'Write the id of the user group, for example S0RELENG: in Slack open the group, then ⋮ and "Copy group ID".',
  channel:
    'Write the channel id, for example C0RELEASES: in Slack click the channel name, the id is at the end of "About".',
} as const;

type SlackThing = keyof typeof HOW_TO;

const NAMES = { user: 'a user', group: 'a user group', channel: 'a channel' } as const;

function thingOf(id: string): SlackThing | undefined {
  if (/^[UW][A-Z0-9]{2,}$/.test(id)) return 'user';
  if (/^S[A-Z0-9]{2,}$/.test(id)) return 'group';
  return /^[CG][A-Z0-9]{2,}$/.test(id) ? 'channel' : undefined;
}

function wordId(input: unknown, wanted: SlackThing): string {
  const other = typeof input === 'string' ? thingOf(input) : undefined;
  if (other !== undefined)
    return twoLines(`${quoted(input)} is the id of ${NAMES[other]}, not of ${NAMES[wanted]}`, HOW_TO[wanted]);
  return twoLines(`${quoted(input)} is no id of ${NAMES[wanted]} in Slack`, HOW_TO[wanted]);
}

function slackId(pattern: RegExp, wanted: SlackThing, example: string): z.ZodString {
  return text(example).regex(pattern, { error: (issue) => wordId(issue.input, wanted) });
}

/** A Slack user id. */
export const userId = slackId(/^[UW][A-Z0-9]{2,}$/, 'user', 'U0RELENG').meta({ description: HOW_TO.user });

/** A Slack user-group id. */
export const userGroupId = slackId(/^S[A-Z0-9]{2,}$/, 'group', 'S0RELENG').meta({
  description: HOW_TO.group,
});

/** A Slack channel id. Names are not taken: a channel may be renamed, and the bot would post nowhere. */
export const channelId = slackId(/^[CG][A-Z0-9]{2,}$/, 'channel', 'C0RELEASES').meta({
  description: HOW_TO.channel,
});
