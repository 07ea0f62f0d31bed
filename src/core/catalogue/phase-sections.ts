import { z } from 'zod';
import { block, identifier, listOf, shownName, some, text } from './fields.ts';
import { userGroupId, userId } from './slack-ids.ts';
import { quoted, twoLines } from './wording.ts';

/** The part of the catalogue that says what a release has to pass: phases of groups of gates (B1–B7, E1). */

const noneOf = (what: string, example: string) => twoLines(`has no ${what}`, `Add at least one: ${example}`);

const globs = listOf(some("- 'src/**'", 300), "touched-by: ['src/**']").max(100);

/** Where the environment is reached; paths are added to it, so it has no question mark and no #. */
const address = text('url: https://staging.example.com')
  .regex(/^https?:\/\/[^\s?#]+$/, { error: (issue) => wordAddress(issue.input), abort: true })
  .refine((url) => URL.canParse(url), { error: (issue) => wordAddress(issue.input) });

function wordAddress(input: unknown): string {
  return twoLines(`${quoted(input)} is no web address`, 'Write, for example: https://staging.example.com');
}

const mostGates = 60;

const conditionBlock = block(
  {
    labels: listOf(some('labels: [reports]', 255), 'labels: [reports]')
      .default([])
      .meta({ description: 'Labels of shipped merge requests.' }),
    paths: globs.default([]).meta({ description: 'Globs of changed paths.' }),
    flags: listOf(some('flags: [roaming-v2]', 255), 'flags: [roaming-v2]')
      .default([])
      .meta({ description: 'Feature flags (or globs of their names) that are on in the environment.' }),
  },
  '{ labels: [reports] }',
).refine(({ labels, paths, flags }) => labels.length + paths.length + flags.length > 0, {
  error: twoLines('names nothing', 'Add labels, paths or flags; without `when` a gate is mandatory.'),
});

const gateBlock = block(
  {
    id: identifier('id: site-loads').meta({ description: 'Its name in the record; keep it stable.' }),
    title: shownName('title: The site loads', 200).meta({
      description: 'The question that must be answered yes.',
    }),
    check: identifier('check: url-loads').optional().meta({
      description: 'The check that answers it. Without one, people do.',
    }),
    with: z.record(z.string(), z.unknown()).optional().meta({ description: 'Parameters of the check.' }),
    when: conditionBlock.optional().meta({
      description: 'Makes the gate conditional: it applies when any of these is touched by the release.',
    }),
    rule: some('rule: Passes when the page loads and its data is meaningful.', 2_000).optional().meta({
      description: 'The rule for a pass, shown beside the answer.',
    }),
    'touched-by': globs.optional().meta({
      description:
        'Paths that can change a person’s answer. Untouched by a new deployment it holds on to the next pass; without this it is asked again.',
    }),
  },
  '{ id: site-loads, title: The site loads, check: url-loads }',
);

const groupBlock = block(
  {
    id: identifier('id: identity').meta({ description: 'Its name in the record.' }),
    name: shownName('name: Deployment identity', 75).meta({ description: 'Shown above its gates.' }),
    answers: z.enum(['checks', 'add-ons']).default('checks').meta({
      description:
        'How people answer: pass, fail, not applicable; or, for add-ons, completed, blocked, not required.',
    }),
    workspace: z.boolean().default(false).meta({
      description: 'Its checks are made in a workspace and depot, which are recorded first.',
    }),
    gates: listOf(gateBlock, 'gates: [{ id: site-loads, title: The site loads, check: url-loads }]')
      .min(1, { error: noneOf('gate', '- { id: site-loads, title: … }') })
      .max(mostGates)
      .meta({ description: 'The questions, in the order in which people read them.' }),
  },
  '{ id: identity, name: Deployment identity, gates: […] }',
);

const approvalBlock = block(
  {
    id: identifier('id: platform-owner').meta({ description: 'Its name in the record.' }),
    name: shownName('name: Platform owner', 60).meta({ description: 'The role, as shown in Slack.' }),
    users: listOf(userId, 'users: [U0RELENG]')
      .max(1_000)
      .default([])
      .meta({ description: 'Slack user ids.' }),
    groups: listOf(userGroupId, 'groups: [S0RELENG]')
      .max(1_000)
      .default([])
      .meta({ description: 'Slack user-group ids.' }),
  },
  '{ id: platform-owner, name: Platform owner, users: [U0OWNER] }',
).refine(({ users, groups }) => users.length + groups.length > 0, {
  error: twoLines('names nobody', 'Add at least one id under users or groups.'),
});

const recordBlock = block(
  {
    team: some('team: REL', 20).meta({ description: 'Key of the Linear team.' }),
    title: shownName('title: Validate Manage staging release {name}', 200).meta({
      description: 'Title of the issue; {name} is the release.',
    }),
    labels: listOf(some("labels: ['Kind: validation']", 80), "labels: ['Kind: validation']")
      .default([])
      .meta({ description: 'Labels of the issue; they must exist in Linear.' }),
    runbook: some('runbook: docs/operations/validation.md', 300).optional().meta({
      description: 'Where the runbook is; shown in the issue.',
    }),
  },
  '{ team: REL, title: Validate staging release {name} }',
);

const phaseBlock = block(
  {
    id: identifier('id: staging').meta({ description: 'Its name in the record.' }),
    name: shownName('name: Staging validation', 75).meta({ description: 'Shown in Slack.' }),
    environment: some('environment: staging', 255).meta({ description: 'Environment in GitLab.' }),
    url: address.meta({ description: 'Where the environment is reached.' }),
    projects: listOf(identifier('- bf-manage-core'), 'projects: [bf-manage-core]')
      .min(1, { error: noneOf('project', 'projects: [bf-manage-core]') })
      .max(100)
      .meta({
        description: 'Ids of the projects whose deployments make up the release.',
      }),
    baseline: some('baseline: production', 255).default('production').meta({
      description:
        'The environment that runs what was released before. What is deployed since then is the release.',
    }),
    workspaces: block(
      {
        suggested: block(
          {
            workspace: shownName('workspace: Smoke test', 150).meta({
              description: 'Its name, as people see it.',
            }),
            depot: shownName('depot: Depot A', 150).meta({ description: 'The depot in it.' }),
          },
          '{ workspace: Smoke test, depot: Depot A }',
        )
          .optional()
          .meta({ description: 'Filled in for people.' }),
        reserved: listOf(some('- Depot simulation', 150), 'reserved: [Depot simulation]')
          .default([])
          .meta({ description: 'Names that need an approval in words.' }),
      },
      '{ reserved: [Depot simulation] }',
    )
      .prefault({})
      .meta({
        description: 'The workspace for smoke tests, and those that must not be used without approval.',
      }),
    record: recordBlock.optional().meta({ description: 'The Linear issue that is the record of a release.' }),
    approvals: listOf(approvalBlock, 'approvals: [{ id: platform-owner, … }]').max(10).default([]).meta({
      description: 'Roles whose yes a GO needs. None by default.',
    }),
    groups: listOf(groupBlock, 'groups: [{ id: identity, … }]')
      .min(1, { error: noneOf('group', '- { id: identity, name: …, gates: […] }') })
      .max(20)
      .meta({ description: 'The gates of the phase, in groups.' }),
  },
  '{ id: staging, name: Staging validation, environment: staging, url: …, projects: […], groups: […] }',
);

/** `phases`: what a release has to pass, in order. */
export const phasesSection = listOf(phaseBlock, 'phases: [{ id: staging, … }]').max(10).meta({
  description: 'What a release has to pass. `/release validate` works on the first.',
});

export type PhaseFile = z.output<typeof phaseBlock>;
