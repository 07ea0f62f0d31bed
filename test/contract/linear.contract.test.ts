import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinearClient } from '@linear/sdk';
import { buildSchema, type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { linearControl } from '../../sandbox/linear/control-client.ts';
import { readSdl } from '../../sandbox/linear/schema.ts';
import { type SimulatedLinear, startLinear } from '../../sandbox/linear/server.ts';
import { isObject, type JsonObject, parseJson } from '../../sandbox/shared/json.ts';
import {
  differences,
  linearSchemas,
  newer,
  objectionsToAnswer,
  objectionsToDocument,
} from './linear-schema.ts';

const file = join(import.meta.dirname, '../../../shared/contracts/linear.schema.graphql');
const here = existsSync(file);
const title = here
  ? 'the simulated Linear against Linear’s schema'
  : `SKIPPED, for ${file} is not there: the simulated Linear against Linear’s schema`;

test.runIf(process.env['CI'] === 'true')('in CI Linear’s schema is there', () => {
  expect(here, `${file} is missing: the contract suite can't run`).toBe(true);
});

/** One exchange between the SDK and the simulated Linear. */
interface Exchange {
  query: string;
  variables: JsonObject;
  answer: unknown;
}

/** Keeps what passes between clients and the simulated Linear in `exchanges`. */
function listen(exchanges: Exchange[]): void {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await real(input, init);
    const sent = parseJson(String(init?.body ?? ''));
    if (isObject(sent) && typeof sent['query'] === 'string') {
      const variables = isObject(sent['variables']) ? sent['variables'] : {};
      const answer: unknown = await response.clone().json();
      exchanges.push({ query: sent['query'], variables, answer });
    }
    return response;
  });
}

describe.skipIf(!here)(title, () => {
  let linear: SimulatedLinear;
  let client: LinearClient;
  let schema: GraphQLSchema;
  let fileSchema: GraphQLSchema;
  let issueId: string;
  let commentId: string;
  let teamId: string;
  let userId: string;
  let labelId: string;
  let stateId: string;
  let projectId: string;
  const exchanges: Exchange[] = [];

  beforeAll(async () => {
    ({ file: fileSchema, extended: schema } = linearSchemas(readFileSync(file, 'utf8')));
    linear = await startLinear();
    client = new LinearClient({ apiKey: linear.apiKey, apiUrl: linear.url });
    const control = linearControl(linear.url);
    const state = await control.state();
    teamId = state.teams[0]?.id ?? '';
    stateId = state.teams[0]?.states.find(({ type }) => type === 'completed')?.id ?? '';
    userId = state.users[1]?.id ?? '';
    labelId = state.labels[0]?.id ?? '';
    projectId = (await client.projects()).nodes[0]?.id ?? '';
    issueId = randomUUID();
    commentId = randomUUID();
    await client.createIssue({ id: issueId, teamId, title: 'Validate', description: '- [ ] one' });
    await control.toggle({ issue: issueId, box: 0 });
    await client.createComment({ id: commentId, issueId, body: 'first' });
    await client.createAttachment({ issueId, title: 'Pipeline', url: 'https://gitlab.example.com/1' });
    listen(exchanges);
  }, 60_000);

  afterAll(async () => {
    vi.restoreAllMocks();
    await linear?.close();
  });

  beforeEach(() => void exchanges.splice(0));

  const severe = { labels: { some: { name: { in: ['SEV-1', 'SEV-2'] } } } };
  const open = { state: { type: { nin: ['completed', 'canceled'] } } };
  const calls: [string, () => Promise<unknown> | undefined][] = [
    ['the viewer', () => client.viewer],
    ['the organization', () => client.organization],
    ['the teams', () => client.teams({ filter: { key: { eq: 'MAN' } }, first: 10 })],
    ['a team', () => client.team(teamId)],
    ['the states of a team', async () => (await client.team(teamId)).states()],
    ['the labels of a team', async () => (await client.team(teamId)).labels()],
    ['the members of a team', async () => (await client.team(teamId)).members()],
    ['the issues of a team', async () => (await client.team(teamId)).issues({ filter: open })],
    ['the workflow states', () => client.workflowStates({ filter: { team: { id: { eq: teamId } } } })],
    ['a workflow state', () => client.workflowState(stateId)],
    ['labels by name', () => client.issueLabels({ filter: { name: { eqIgnoreCase: 'sev-1' } } })],
    ['a label', () => client.issueLabel(labelId)],
    ['people', () => client.users({ filter: { active: { eq: true } } })],
    ['a person', () => client.user(userId)],
    ['the projects', () => client.projects({ filter: { name: { contains: 'staging' } } })],
    ['a project', () => client.project(projectId)],
    ['an issue', () => client.issue(issueId)],
    [
      'open severe issues',
      () => client.issues({ filter: { ...severe, ...open, team: { key: { eq: 'MAN' } } } }),
    ],
    [
      'a page of issues',
      () => client.issues({ first: 1, sort: [{ updatedAt: { order: 'Ascending' as never } }] }),
    ],
    ['the comments of an issue', async () => (await client.issue(issueId)).comments()],
    ['the labels of an issue', async () => (await client.issue(issueId)).labels()],
    ['the attachments of an issue', async () => (await client.issue(issueId)).attachments()],
    ['a comment', () => client.comment({ id: commentId })],
    ['all comments', () => client.comments({ first: 5 })],
    [
      'an attachment',
      async () => client.attachment((await (await client.issue(issueId)).attachments()).nodes[0]?.id ?? ''),
    ],
    ['attachments of an address', () => client.attachmentsForURL('https://gitlab.example.com/1')],
    ['the rate limits', () => client.rateLimitStatus],
    [
      'making an issue',
      () =>
        client.createIssue({
          id: randomUUID(),
          teamId,
          title: 'Another',
          description: 'text',
          labelIds: [labelId],
          assigneeId: userId,
          stateId,
          priority: 1,
          projectId,
          dueDate: '2026-11-30',
        }),
    ],
    [
      'changing an issue',
      () =>
        client.updateIssue(issueId, {
          title: 'Validate again',
          description: 'whole',
          addedLabelIds: [labelId],
          stateId,
          assigneeId: userId,
          priority: 3,
          projectId,
          dueDate: '2026-12-01',
        }),
    ],
    ['an issue that was changed', () => client.issue(issueId)],
    [
      'taking labels away',
      () => client.updateIssue(issueId, { removedLabelIds: [labelId], assigneeId: null }),
    ],
    ['the history of an issue', async () => (await client.issue(issueId)).history()],
    ['making a comment', () => client.createComment({ id: randomUUID(), issueId, body: 'second' })],
    ['changing a comment', () => client.updateComment(commentId, { body: 'first, changed' })],
    [
      'making an attachment',
      () =>
        client.createAttachment({ issueId, title: 'x', url: 'https://slack.example/', metadata: { a: 1 } }),
    ],
    ['making a label', () => client.createIssueLabel({ id: randomUUID(), name: 'Kind: validation', teamId })],
  ];

  test.each(calls)('%s: what the SDK sends and what is answered', async (_, call) => {
    await call();
    expect(exchanges.length).toBeGreaterThan(0);
    for (const { query, variables, answer } of exchanges) {
      expect(objectionsToDocument(schema, query, variables)).toEqual([]);
      expect(isObject(answer) && answer['errors']).toBe(undefined);
      const data = isObject(answer) ? answer['data'] : undefined;
      expect(await objectionsToAnswer(schema, query, variables, data)).toEqual([]);
    }
  });

  test('every field that is served, its type and its arguments are Linear’s, and nothing required is left out', () => {
    expect(differences(buildSchema(readSdl()), schema)).toEqual([]);
  });

  test.each(newer)('$name is still missing in the file; once it is there this entry goes', ({ name }) => {
    const [typeName = '', field = ''] = name.split('.');
    const type = fileSchema.getType(typeName);
    expect(isObjectType(type) && Object.keys(type.getFields())).not.toContain(field);
  });

  describe('the check can fail', () => {
    const query = 'query($id: String!) { issue(id: $id) { id title createdAt team { id } } }';
    const variables = { id: 'MAN-1' };
    const good = { issue: { id: 'a', title: 'b', createdAt: '2026-11-20T10:00:00.000Z', team: { id: 'c' } } };

    test('a good answer passes', async () => {
      expect(await objectionsToAnswer(schema, query, variables, good)).toEqual([]);
    });

    test.each([
      ['a missing title', { issue: { ...good.issue, title: null } }],
      ['a number for a title', { issue: { ...good.issue, title: { text: 'b' } } }],
      ['a time that is none', { issue: { ...good.issue, createdAt: 'today' } }],
      ['a field that nobody asked for', { issue: { ...good.issue, colour: 'red' } }],
      ['a list for a team', { issue: { ...good.issue, team: [] } }],
      ['nothing at all', null],
    ])('%s is an objection', async (_, answer) => {
      expect(await objectionsToAnswer(schema, query, variables, answer)).not.toEqual([]);
    });

    test.each([
      ['an unknown field', '{ viewer { colour } }', {}],
      ['an unknown variable type', 'query($id: Colour) { issue(id: $id) { id } }', {}],
      [
        'an unknown input field',
        'mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success } }',
        { input: { teamId: 'x', colour: 'red' } },
      ],
    ])('%s is an objection', (_, document, values) => {
      expect(objectionsToDocument(schema, document, values)).not.toEqual([]);
    });

    test.each([
      ['a type of our own', 'type Query { viewer: User! } type User { id: ID! } type Colour { id: ID! }'],
      ['a field of our own', 'type Query { viewer: User! } type User { id: ID! colour: String }'],
      ['another type of a field', 'type Query { viewer: User! } type User { id: String! }'],
      ['a field that may be null', 'type Query { viewer: User } type User { id: ID! }'],
      ['an argument of our own', 'type Query { viewer(colour: Int): User! } type User { id: ID! }'],
      ['a required argument left out', 'type Query { issue: Issue! } type Issue { id: ID! }'],
      [
        'an enum with fewer values',
        'type Query { a: PaginationOrderBy } enum PaginationOrderBy { createdAt }',
      ],
    ])('%s is a difference', (_, sdl) => {
      expect(differences(buildSchema(sdl), schema)).not.toEqual([]);
    });

    test('an input without what Linear requires is a difference', () => {
      const sdl =
        'type Query { a(b: AttachmentCreateInput): Int } input AttachmentCreateInput { title: String! }';
      const type = schema.getType('AttachmentCreateInput');
      expect(isInputObjectType(type) && type.getFields()['issueId']).toBeTruthy();
      expect(differences(buildSchema(sdl), schema).join()).toContain('(issueId) is required at Linear');
    });
  });
});
