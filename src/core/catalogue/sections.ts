import { z } from 'zod';
import { SLACK_LIMITS } from '../slack-payload/limits.ts';
import { block, branchName, gitlabPath, identifier, listOf, shownName } from './fields.ts';
import { channelId, userGroupId, userId } from './slack-ids.ts';
import { ABSENCE, twoLines } from './wording.ts';

const MOST_PROJECTS = 1_000;
const MOST_MEMBERS = 1_000;

/** `gitlab`: where pipelines run. */
export const gitlabSection = block(
  {
    root: gitlabPath('root: betterfleet/bf-dev').meta({
      description: 'The orchestration root project. Pipelines started there in GitLab are followed too.',
    }),
    'release-branch': branchName('release-branch: release')
      .default('release')
      .meta({ description: 'The branch that is cut and deployed. A project may name its own.' }),
  },
  'gitlab: { root: betterfleet/bf-dev }',
).meta({ description: 'Where pipelines run.' });

/** One entry of `groups`. */
export const groupEntry = block(
  {
    id: identifier('id: manage').meta({ description: 'What a project writes in `group`.' }),
    name: shownName('name: Manage', SLACK_LIMITS.optionText).meta({
      description: 'Shown above its projects.',
    }),
  },
  '{ id: manage, name: Manage }',
);

const PROJECT = '{ id: bf-manage-core, path: betterfleet/bf-manage-core }';

/** One entry of `projects` (requirement A7). */
const projectEntry = block(
  {
    id: identifier('id: bf-manage-core').meta({ description: 'What people type and pick.' }),
    path: gitlabPath('path: betterfleet/bf-manage-core').meta({
      description: 'Path of the project in GitLab, as in its address.',
    }),
    group: identifier('group: manage').optional().meta({ description: 'The id of one of `groups`.' }),
    'release-branch': branchName('release-branch: release')
      .optional()
      .meta({ description: 'When it is not the one of `gitlab`.' }),
  },
  PROJECT,
);

/** `projects`: at least one, each declared once. */
export const projectsSection = listOf(projectEntry, `projects: [${PROJECT}]`)
  .min(1, { error: twoLines(ABSENCE.none, `Add at least one: - ${PROJECT}`) })
  .max(MOST_PROJECTS, { error: twoLines(`has more than ${MOST_PROJECTS} projects`, 'Split the catalogue.') })
  .meta({ description: 'The projects that can be released, each declared once.' });

/** The people of one role (requirement F5). */
const roleEntry = block(
  {
    users: listOf(userId, 'users: [U0RELENG]')
      .max(MOST_MEMBERS)
      .default([])
      .meta({ description: 'Slack user ids.' }),
    groups: listOf(userGroupId, 'groups: [S0RELENG]')
      .max(MOST_MEMBERS)
      .default([])
      .meta({ description: 'Slack user-group ids.' }),
  },
  '{ users: [U0RELENG] }',
).refine((role) => role.users.length + role.groups.length > 0, {
  error: twoLines(ABSENCE.nobody, 'Add at least one id under users or groups.'),
});

/** `roles`: who may do what. */
export const rolesSection = block(
  {
    'release-engineer': roleEntry.meta({ description: 'May cut off and deploy.' }),
    tester: roleEntry.optional().meta({
      description: 'May fill in checklists. A release engineer may too.',
    }),
    admin: roleEntry.optional().meta({ description: 'May do everything.' }),
  },
  'roles: { release-engineer: { users: [U0RELENG] } }',
).meta({ description: 'Who may do what, by Slack user and user group.' });

/** `channels`: where the bot speaks. */
export const channelsSection = block({ releases: channelId }, 'channels: { releases: C0RELEASES }').meta({
  description: 'Where the bot posts. `releases` gets one parent message a release.',
});

/** `limits`: how hard GitLab is worked. */
export const limitsSection = block(
  {
    'pipelines-per-minute': z.int().min(1).max(10_000).default(20).meta({
      description: 'Pipelines started a minute, all workers together. GitLab.com allows 25.',
    }),
    'follow-poll-seconds': z.int().min(1).max(3_600).default(15).meta({
      description: 'How often a running pipeline is asked for, should its webhook not come.',
    }),
    'follow-hours': z.int().min(1).max(720).default(24).meta({
      description: 'How long a pipeline is followed before the bot gives up and says so.',
    }),
  },
  'limits: { pipelines-per-minute: 20 }',
).meta({ description: 'How hard GitLab is worked.' });
