import { randomUUID } from 'node:crypto';
import {
  AuthenticationLinearError,
  ForbiddenLinearError,
  InvalidInputLinearError,
  LinearClient,
  type LinearError,
} from '@linear/sdk';
import { describe, expect, test } from 'vitest';
import { rejection, started } from './started.ts';

type Stage = Awaited<ReturnType<typeof started>>;

const nobody = '00000000-0000-4000-8000-000000000000';

describe('Linear refuses as invalid input', () => {
  test.each<[string, (stage: Stage) => Promise<unknown>, string]>([
    ['an issue that is not there', ({ client }) => client.issue(nobody), 'Could not find referenced Issue.'],
    [
      'a comment that is not there',
      ({ client }) => client.comment({ id: nobody }),
      'Could not find referenced Comment.',
    ],
    ['an id that is no UUID v4', ({ create }) => create({ id: 'release-2026.47' }), 'id must be a UUID.'],
    [
      'a UUID of another version',
      ({ create }) => create({ id: nobody.replace('-4', '-1') }),
      'id must be a UUID.',
    ],
    ['a team key for a team id', ({ create }) => create({ teamId: 'MAN' }), 'teamId must be a UUID.'],
    [
      'a team that is not there',
      ({ create }) => create({ teamId: nobody }),
      'Could not find referenced Team.',
    ],
    ['an empty title', ({ create }) => create({ title: ' ' }), 'title should not be empty.'],
    ['a title that is too long', ({ create }) => create({ title: 'x'.repeat(256) }), 'title must be shorter'],
    ['a priority of 5', ({ create }) => create({ priority: 5 }), 'priority must not be greater than 4.'],
    [
      'a label that is not there',
      ({ create }) => create({ labelIds: [nobody] }),
      'Could not find referenced IssueLabel.',
    ],
    [
      'a label that is a group',
      ({ create, labelId }) => create({ labelIds: [labelId('Kind')] }),
      'is a group',
    ],
    [
      'a label of another team',
      async ({ client, create, control, labelId }) => {
        const teams = (await control.state()).teams;
        const id = await create({ teamId: teams.find(({ key }) => key === 'PLT')?.id ?? '' });
        return client.updateIssue(id, { addedLabelIds: [labelId('Chargers')] });
      },
      'is not of the team of the issue',
    ],
    [
      'a state of another team',
      async ({ create, control }) => {
        const other = (await control.state()).teams.find(({ key }) => key === 'PLT');
        return create({ stateId: other?.states[0]?.id ?? '' });
      },
      'stateId must be a state of the team',
    ],
    [
      'all labels and added labels at once',
      async ({ client, create, labelId }) =>
        client.updateIssue(await create(), { labelIds: [], addedLabelIds: [labelId('Bug')] }),
      'labelIds must not be used together',
    ],
    [
      'an update of an issue that is not there',
      ({ client }) => client.updateIssue(nobody, { title: 'x' }),
      'referenced Issue',
    ],
    [
      'a comment without text',
      async ({ client, create }) => client.createComment({ issueId: await create(), body: ' ' }),
      'body should not be empty.',
    ],
    [
      'a comment on nothing',
      ({ client }) => client.createComment({ body: 'x' }),
      'issueId should not be empty.',
    ],
    [
      'an attachment that leads nowhere',
      async ({ client, create }) =>
        client.createAttachment({ issueId: await create(), title: 'x', url: 'javascript:alert(1)' }),
      'url must be a URL address.',
    ],
    [
      'a label whose name is taken',
      ({ client }) => client.createIssueLabel({ name: 'sev-1' }),
      'already exists',
    ],
    ['a page of 251', ({ client }) => client.teams({ first: 251 }), 'first must not be greater than 250.'],
    ['a cursor that leads nowhere', ({ client }) => client.teams({ after: nobody }), 'cursor'],
  ])('%s', async (_, call, words) => {
    const stage = await started();
    const error = await rejection(call(stage));
    expect(error).toBeInstanceOf(InvalidInputLinearError);
    expect(error).toMatchObject({ type: 'InvalidInput', status: 400 });
    expect((error as LinearError).errors?.[0]).toMatchObject({
      message: expect.stringContaining(words),
      userError: true,
    });
  });
});

test('an id that is taken is refused, and what was made with it first stays', async () => {
  const { client, create, team, control } = await started();
  const id = await create({ title: 'first' });
  const again = await rejection(
    client.createIssue({ id: id.toUpperCase(), teamId: team.id, title: 'second' }),
  );
  expect(again).toBeInstanceOf(InvalidInputLinearError);
  expect(String(again)).toContain(`Entity Issue with id \`${id}\` already exists`);
  expect((await control.issues()).map(({ title }) => title)).toEqual(['first']);
  const comment = { id: randomUUID(), issueId: id, body: 'once' };
  await client.createComment(comment);
  expect(String(await rejection(client.createComment(comment)))).toContain('Entity Comment with id');
  expect((await control.issue(id)).comments).toHaveLength(1);
});

test('an update that is refused changes nothing of the issue', async () => {
  const { client, create, control } = await started();
  const id = await create({ description: 'as it was' });
  const before = await control.issue(id);
  await rejection(client.updateIssue(id, { description: 'new', title: 'new', stateId: nobody }));
  expect(await control.issue(id)).toEqual(before);
});

describe('a document that does not fit the schema is refused by name', () => {
  test.each([
    ['a field that is not there', '{ viewer { colour } }', {}, 'Cannot query field "colour" on type "User"'],
    ['a part of Linear that is not served', '{ cycles { nodes { id } } }', {}, 'Cannot query field "cycles"'],
    ['an argument that is not there', '{ issue(number: 1) { id } }', {}, 'Unknown argument "number"'],
    ['a syntax error', '{ viewer { id }', {}, 'Syntax Error'],
    [
      'an input field that is not there',
      'mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success } }',
      { input: { teamId: nobody, title: 'x', colour: 'red' } },
      'Field "colour" is not defined by type "IssueCreateInput"',
    ],
    [
      'a required field that is missing',
      'mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success } }',
      { input: { title: 'x' } },
      'Field "teamId" of required type "String!" was not provided',
    ],
    [
      'a filter field that is not served',
      'query($filter: IssueFilter) { issues(filter: $filter) { nodes { id } } }',
      { filter: { cycle: {} } },
      'Field "cycle" is not defined by type "IssueFilter"',
    ],
  ])('%s', async (_, query, variables, words) => {
    const { ask } = await started();
    const answer = await ask(query, variables);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [{ message: expect.stringContaining(words), extensions: { type: 'graphql error' } }],
    });
  });

  test('a form is not taken for JSON', async () => {
    const { ask } = await started();
    const answer = await ask('{ viewer { id } }', {}, { 'content-type': 'text/plain' });
    expect(answer.status).toBe(400);
  });

  test('the endpoint answers POST alone', async () => {
    const { linear } = await started();
    expect((await fetch(linear.url)).status).toBe(405);
  });
});

describe('who may not', () => {
  test.each([
    ['a key that nobody has', { apiKey: 'lin_api_wrong' }, 401, 'Authentication required, not authenticated'],
    ['an OAuth token that nobody has', { accessToken: 'wrong' }, 401, 'Authentication required'],
    ['a key as a Bearer token', { accessToken: 'lin_api_sandbox' }, 400, 'Remove the Bearer prefix'],
  ])('%s is refused as not authenticated', async (_, credentials, status, words) => {
    const { linear } = await started();
    const error = await rejection(new LinearClient({ ...credentials, apiUrl: linear.url }).issue(nobody));
    expect(error).toBeInstanceOf(AuthenticationLinearError);
    expect(error).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  test('labels are made by admins alone where the workspace says so', async () => {
    const { client } = await started({ world: { restrictLabelManagementToAdmins: true } });
    const error = await rejection(client.createIssueLabel({ name: 'Kind: validation' }));
    expect(error).toBeInstanceOf(ForbiddenLinearError);
  });

  test('the comment of somebody else can not be edited', async () => {
    const { client, create, control } = await started();
    const { comments } = await control.comment({ issue: await create(), body: 'mine' });
    const error = await rejection(client.updateComment(comments[0]?.id ?? '', { body: 'yours' }));
    expect(error).toBeInstanceOf(ForbiddenLinearError);
  });
});
