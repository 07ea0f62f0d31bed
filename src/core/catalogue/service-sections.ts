import { z } from 'zod';
import { block, identifier, listOf, shownName, some, text } from './fields.ts';
import { userGroupId, userId } from './slack-ids.ts';
import { quoted, twoLines } from './wording.ts';

/** The part of the catalogue that says how deployments to production are validated (C1–C6). */

const noneOf = (what: string, example: string) => twoLines(`has no ${what}`, `Add at least one: ${example}`);

const awsRegion = text('region: eu-west-1').regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, {
  error: (issue) => twoLines(`${quoted(issue.input)} is no AWS region`, 'Write, for example: eu-west-1'),
});

const ecsName = (example: string) =>
  text(example).regex(/^[A-Za-z0-9_-]{1,255}$/, {
    error: (issue) =>
      twoLines(`${quoted(issue.input)} is no name that ECS takes`, `Write, for example: ${example}`),
  });

const accountBlock = block(
  {
    id: identifier('id: production').meta({ description: 'What a region writes in `account`.' }),
    role: text('role: arn:aws:iam::123456789012:role/gonogo-read-only')
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, {
        error: (issue) =>
          twoLines(
            `${quoted(issue.input)} is no ARN of a role`,
            'Write, for example: arn:aws:iam::123456789012:role/gonogo-read-only',
          ),
      })
      .meta({ description: 'The role that the bot assumes there; it only reads.' }),
    'external-id': some('external-id: gonogo', 1_224).optional().meta({
      description: 'When the role’s trust policy asks for one.',
    }),
  },
  '{ id: production, role: arn:aws:iam::123456789012:role/gonogo-read-only }',
);

/** `accounts`: AWS accounts other than that of the bot's own credentials. */
export const accountsSection = listOf(accountBlock, 'accounts: [{ id: production, role: … }]').max(100).meta({
  description:
    'AWS accounts that are read by an assumed role. Without any, the bot’s own credentials are used.',
});

const pattern = some("pattern: 'Started in \\d+ ms'", 1_000).meta({
  description: 'A regular expression as RE2 takes it: no look-around, no back reference.',
});

const successBlock = block(
  {
    name: shownName('name: Listening', 75).meta({ description: 'What the line means, as people read it.' }),
    pattern,
    tasks: z
      .union([z.enum(['each', 'any']), z.int().min(1).max(1_000)], {
        error: twoLines('is no quorum', 'Write each, any, or a number of tasks.'),
      })
      .default('each')
      .meta({ description: 'In how many tasks it must be found: each, any, or at least so many.' }),
  },
  "{ name: Listening, pattern: 'Listening on port \\d+' }",
);

const failureBlock = block(
  {
    name: shownName('name: Database unreachable', 75).meta({ description: 'What the line means.' }),
    pattern,
    cause: some('cause: The database does not answer.', 300).optional().meta({
      description: 'What people read when the line is found. Default: the name.',
    }),
  },
  "{ name: Database unreachable, pattern: 'ECONNREFUSED.*5432' }",
);

const logGroup = some('group: /ecs/production/bf-manage-core', 512).optional().meta({
  description: 'Log group, where the task definition does not say it (another driver, no stream prefix).',
});

const timeout = z.int().min(10).max(3_600).default(150).meta({
  description: 'Seconds after the start of the last task in which the success lines must be there.',
});

const successList = listOf(successBlock, "success: [{ name: Listening, pattern: 'Listening on' }]")
  .max(20)
  .default([])
  .meta({ description: 'Lines that must be found.' });

const failureList = listOf(failureBlock, "failure: [{ name: Panic, pattern: '^panic:' }]")
  .max(50)
  .default([])
  .meta({ description: 'Lines that must not be found; one is enough to fail.' });

const logsBlock = block(
  {
    container: ecsName('container: app').optional().meta({
      description: 'Container whose lines count. Default: the only essential one.',
    }),
    group: logGroup,
    success: successList,
    failure: failureList,
    'timeout-seconds': timeout,
  },
  "{ success: [{ name: Listening, pattern: 'Listening on' }] }",
);

const migrationBlock = block(
  {
    container: ecsName('container: migrate').meta({ description: 'Container that runs the migrations.' }),
    group: logGroup,
    success: successList,
    failure: failureList,
    'timeout-seconds': timeout,
  },
  '{ container: migrate, success: […] }',
);

const checkBlock = block(
  {
    id: identifier('id: spike').meta({ description: 'Its name in the record; keep it stable.' }),
    title: shownName('title: No obvious error spike', 100).meta({ description: 'What people read.' }),
    check: identifier('check: log-spike').meta({ description: 'The check that answers it.' }),
    with: z.record(z.string(), z.unknown()).optional().meta({
      description: 'Parameters of the check; {region} stands for the region.',
    }),
  },
  '{ id: spike, title: No obvious error spike, check: log-spike, with: { … } }',
);

const regionBlock = block(
  {
    region: awsRegion.meta({ description: 'AWS region.' }),
    account: identifier('account: production').optional().meta({
      description: 'Id of one of `accounts`. Default: the bot’s own credentials.',
    }),
    cluster: ecsName('cluster: manage-production').meta({ description: 'ECS cluster.' }),
    service: ecsName('service: bf-manage-core').optional().meta({
      description: 'Name of the service in ECS. Default: the id of the service here.',
    }),
    environment: some('environment: production/eu-west-1', 255).meta({
      description: 'GitLab environment whose deployments go there.',
    }),
  },
  '{ region: eu-west-1, cluster: manage-production, environment: production/eu-west-1 }',
);

const serviceBlock = block(
  {
    id: identifier('id: bf-manage-core').meta({ description: 'What people type.' }),
    name: shownName('name: Manage core', 75)
      .optional()
      .meta({ description: 'Shown in Slack. Default: the id.' }),
    project: identifier('project: bf-manage-core').meta({ description: 'Id of its project.' }),
    owner: block(
      {
        name: shownName('name: Manage team', 60).meta({ description: 'Who they are, as people read it.' }),
        users: listOf(userId, 'users: [U0OWNER]')
          .max(100)
          .default([])
          .meta({ description: 'Slack user ids.' }),
        groups: listOf(userGroupId, 'groups: [S0OWNER]').max(100).default([]).meta({
          description: 'Slack user-group ids.',
        }),
      },
      '{ name: Manage team, groups: [S0OWNER] }',
    )
      .refine(({ users, groups }) => users.length + groups.length > 0, {
        error: twoLines('names nobody', 'Add at least one id under users or groups.'),
      })
      .meta({ description: 'Who takes over an investigation.' }),
    regions: listOf(regionBlock, 'regions: [{ region: eu-west-1, … }]')
      .min(1, { error: noneOf('region', '- { region: eu-west-1, cluster: …, environment: … }') })
      .max(40)
      .meta({ description: 'In the order in which they are deployed: each waits for the one before.' }),
    'image-tag': some("image-tag: '{commit}'", 128)
      .refine((tag) => tag.includes('{commit}') || tag.includes('{short}'), {
        error: twoLines('does not hold the commit', "Write, for example: 'v-{short}'"),
      })
      .default('{commit}')
      .meta({ description: 'How the image’s tag shows the commit: {commit} or {short} (8 characters).' }),
    'fresh-minutes': z.int().min(1).max(10_080).default(60).meta({
      description: 'How long a GO of one region opens the gate of the next.',
    }),
    'soak-seconds': z.int().min(30).max(3_600).default(30).meta({
      description: 'How long all tasks must run healthy before a provisional pass.',
    }),
    'deadline-minutes': z.int().min(1).max(240).default(20).meta({
      description: 'After so long a rollout that is not through is told as it stands.',
    }),
    'empty-passes': z.boolean().default(false).meta({
      description: 'Whether a service that is meant to run no task passes.',
    }),
    logs: logsBlock.optional().meta({ description: 'Lines that must and must not be found.' }),
    migration: migrationBlock.optional().meta({ description: 'How migrations show that they ran.' }),
    checks: listOf(checkBlock, 'checks: [{ id: spike, … }]').max(20).default([]).meta({
      description: 'Checks that run once a rollout passes, such as the spike check.',
    }),
  },
  '{ id: bf-manage-core, project: bf-manage-core, owner: …, regions: […] }',
);

/** `services`: what runs on ECS in production, and how its deployments are validated. */
export const servicesSection = listOf(serviceBlock, 'services: [{ id: bf-manage-core, … }]').max(500).meta({
  description: 'Services on ECS whose deployments to production are validated.',
});

const waveBlock = block(
  {
    name: shownName('name: Core', 60).meta({ description: 'Shown in Slack.' }),
    services: listOf(identifier('- bf-manage-core'), 'services: [bf-manage-core]')
      .min(1, { error: noneOf('service', 'services: [bf-manage-core]') })
      .max(500)
      .meta({ description: 'Ids of services.' }),
  },
  '{ name: Core, services: [bf-manage-core] }',
);

/** `waves`: services of a later wave wait until those before are GO in all their regions (C6). */
export const wavesSection = listOf(waveBlock, 'waves: [{ name: Core, services: [bf-manage-core] }]')
  .max(50)
  .meta({
    description:
      'The order of services: a later wave is held until every service before it is GO everywhere.',
  });

export type AccountFile = z.output<typeof accountBlock>;
export type ServiceFile = z.output<typeof serviceBlock>;
