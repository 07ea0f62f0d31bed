import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { known, started } from './started.ts';

describe('the workspace', () => {
  test('has a viewer, an organization, teams, states, people, labels and projects', async () => {
    const { client } = await started();
    expect(await client.viewer).toMatchObject({ name: 'gonogo', isMe: true, active: true });
    expect(await client.organization).toMatchObject({ urlKey: 'betterfleet', userCount: 4 });
    const teams = await client.teams({ filter: { key: { eq: 'MAN' } } });
    expect(teams.nodes.map((team) => team.name)).toEqual(['Manage']);
    const team = known(teams.nodes[0], 'team');
    const states = await client.workflowStates({ filter: { team: { id: { eq: team.id } } } });
    expect(states.nodes.map((state) => state.type)).toContain('duplicate');
    expect((await team.states()).nodes).toHaveLength(states.nodes.length);
    expect((await team.labels()).nodes.map((label) => label.name)).toEqual(['Chargers']);
    const rita = await client.users({ filter: { email: { eqIgnoreCase: 'RITA@example.com' } } });
    expect(rita.nodes).toMatchObject([{ name: 'Rita Release', isMe: false }]);
    expect((await client.projects()).nodes).toMatchObject([{ name: 'Manage staging releases' }]);
    expect((await client.rateLimitStatus).limits.map(({ type }) => type)).toEqual(['requests', 'complexity']);
  });

  test('a label is found by name, and made when it is missing', async () => {
    const { client, labelId } = await started();
    const find = (name: string) =>
      client.issueLabels({ filter: { name: { eq: name }, team: { null: true } } });
    expect((await find('Kind: validation')).nodes).toEqual([]);
    const id = randomUUID();
    const made = await client.createIssueLabel({ id, name: 'Kind: validation', color: '#5e6ad2' });
    expect(made).toMatchObject({ success: true, issueLabelId: id });
    expect((await find('Kind: validation')).nodes).toMatchObject([{ id, isGroup: false }]);
    expect(await client.issueLabel(labelId('SEV-1'))).toMatchObject({ name: 'SEV-1' });
  });
});

describe('an issue', () => {
  test('is made with an id of the client and read by id and by identifier', async () => {
    const { client, team, labelId, stateId, userId } = await started();
    const id = randomUUID();
    const payload = await client.createIssue({
      id,
      teamId: team.id,
      title: 'Validate Manage staging release 2026.47',
      description: '## Gate 1\n\n- [ ] No unresolved MRs',
      labelIds: [labelId('SEV-1')],
      assigneeId: userId('Rita Release'),
      stateId: stateId('In Progress'),
      priority: 2,
    });
    expect(payload).toMatchObject({ success: true, issueId: id });
    const issue = await client.issue(id);
    expect(issue).toMatchObject({
      id,
      identifier: 'MAN-1',
      title: 'Validate Manage staging release 2026.47',
      description: '## Gate 1\n\n- [ ] No unresolved MRs',
      priority: 2,
      priorityLabel: 'High',
      labelIds: [labelId('SEV-1')],
    });
    expect(issue.startedAt).toBeInstanceOf(Date);
    expect(await issue.state).toMatchObject({ name: 'In Progress', type: 'started' });
    expect(await issue.assignee).toMatchObject({ name: 'Rita Release' });
    expect(await issue.creator).toMatchObject({ name: 'gonogo' });
    expect(await issue.team).toMatchObject({ key: 'MAN' });
    expect((await issue.labels()).nodes.map((label) => label.name)).toEqual(['SEV-1']);
    expect((await client.issue('man-1')).id).toBe(id);
    expect((await payload.issue)?.id).toBe(id);
  });

  test('its description is replaced whole, and the history says so', async () => {
    const { client, create, control } = await started();
    const id = await create({ description: 'first' });
    await control.editIssue({ issue: id, description: 'a person wrote this' });
    await client.updateIssue(id, { description: 'second' });
    const issue = await client.issue(id);
    expect(issue.description).toBe('second');
    const history = await issue.history();
    expect(history.nodes.map((entry) => entry.updatedDescription)).toEqual([true, true]);
    expect(await history.nodes[1]?.actor).toMatchObject({ name: 'Rita Release' });
    const { versions } = await control.issue(id);
    expect(versions.map(({ by, text }) => [by, text])).toEqual([
      ['gonogo', 'first'],
      ['Rita Release', 'a person wrote this'],
      ['gonogo', 'second'],
    ]);
  });

  test('labels are added and removed without touching others, or replaced all', async () => {
    const { client, create, labelId } = await started();
    const id = await create({ labelIds: [labelId('Bug')] });
    const names = async () => (await (await client.issue(id)).labels()).nodes.map(({ name }) => name).sort();
    await client.updateIssue(id, { addedLabelIds: [labelId('SEV-1'), labelId('Bug')] });
    expect(await names()).toEqual(['Bug', 'SEV-1']);
    await client.updateIssue(id, { addedLabelIds: [labelId('SEV-2')], removedLabelIds: [labelId('SEV-1')] });
    expect(await names()).toEqual(['Bug', 'SEV-2']);
    await client.updateIssue(id, { labelIds: [labelId('Chargers')] });
    expect(await names()).toEqual(['Chargers']);
  });

  test('its state and its assignee can change and be taken back', async () => {
    const { client, create, stateId, userId } = await started();
    const id = await create({ assigneeId: userId('Dan On Duty') });
    await client.updateIssue(id, { stateId: stateId('Done'), assigneeId: null });
    const done = await client.issue(id);
    expect(done.completedAt).toBeInstanceOf(Date);
    expect(done.assigneeId).toBeUndefined();
    await client.updateIssue(id, { stateId: stateId('Todo') });
    expect((await client.issue(id)).completedAt).toBeUndefined();
  });

  test('an update that changes nothing leaves no trace', async () => {
    const { client, create } = await started();
    const id = await create({ description: 'same' });
    const before = (await client.issue(id)).updatedAt;
    await client.updateIssue(id, { description: 'same' });
    const after = await client.issue(id);
    expect(after.updatedAt).toEqual(before);
    expect((await after.history()).nodes).toEqual([]);
  });
});

describe('a list of issues', () => {
  test('is found by label names, open states and team', async () => {
    const { client, create, control, labelId } = await started();
    const open = await create({ title: 'open', labelIds: [labelId('SEV-1')] });
    await create({ title: 'no severity' });
    await control.createIssue({ title: 'closed', labels: ['SEV-2'], state: 'Done' });
    await control.createIssue({ title: 'elsewhere', labels: ['SEV-2'], team: 'PLT' });
    await control.createIssue({ title: 'the same again', labels: ['SEV-2'], state: 'Duplicate' });
    const severe = { labels: { some: { name: { in: ['SEV-1', 'SEV-2'] } } } };
    const titles = async (filter: NonNullable<Parameters<typeof client.issues>[0]>['filter']) =>
      (await client.issues({ filter: filter ?? {} })).nodes.map(({ title }) => title).sort();
    const team = { key: { eq: 'MAN' } };
    expect(await titles({ ...severe, team, state: { type: { nin: ['completed', 'canceled'] } } })).toEqual([
      'open',
      // Linear has a state type of its own for duplicates.
      'the same again',
    ]);
    expect(
      await titles({ ...severe, state: { type: { nin: ['completed', 'canceled', 'duplicate'] } } }),
    ).toEqual(['elsewhere', 'open']);
    expect(await titles({ labels: { length: { eq: 0 } } })).toEqual(['no severity']);
    expect(await titles({ or: [{ title: { contains: 'else' } }, { id: { eq: open } }] })).toEqual([
      'elsewhere',
      'open',
    ]);
    expect(await titles({ assignee: { null: true }, creator: { isMe: { eq: true } } })).toEqual([
      'no severity',
      'open',
    ]);
  });

  test('comes in pages, newest first, and none is twice or missing', async () => {
    const { client, create } = await started();
    for (let i = 1; i <= 7; i += 1) await create({ title: `issue ${i}` });
    const first = await client.issues({ first: 3 });
    expect(first.nodes.map(({ title }) => title)).toEqual(['issue 7', 'issue 6', 'issue 5']);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    await first.fetchNext();
    await first.fetchNext();
    expect(first.nodes.map(({ number }) => number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(first.pageInfo.hasNextPage).toBe(false);
    const last = await client.issues({ last: 2 });
    expect(last.nodes.map(({ number }) => number)).toEqual([2, 1]);
    const upwards = await client.issues({ first: 2, sort: [{ createdAt: { order: 'Ascending' as never } }] });
    expect(upwards.nodes.map(({ number }) => number)).toEqual([1, 2]);
  });
});

test('a comment with an id of the client is read by that id and by the issue', async () => {
  const { client, create } = await started();
  const issueId = await create();
  const id = randomUUID();
  const payload = await client.createComment({ id, issueId, body: 'Pass 2 started' });
  expect(payload).toMatchObject({ success: true, commentId: id });
  expect(await client.comment({ id })).toMatchObject({ body: 'Pass 2 started', issueId });
  await client.createComment({ issueId: 'MAN-1', body: 'And another', parentId: id });
  const issue = await client.issue(issueId);
  expect((await issue.comments()).nodes.map(({ body }) => body)).toEqual(['And another', 'Pass 2 started']);
  await client.updateComment(id, { body: 'Pass 2 ended' });
  const edited = await client.comment({ id });
  expect(edited).toMatchObject({ body: 'Pass 2 ended' });
  expect(edited.editedAt).toBeInstanceOf(Date);
});

test('an attachment of the same address updates the one that is there', async () => {
  const { client, create } = await started();
  const issueId = await create();
  const url = 'https://gitlab.example.com/betterfleet/bf-manage-core/-/pipelines/7';
  const first = await client.createAttachment({ issueId, url, title: 'Pipeline', subtitle: 'running' });
  const again = await client.createAttachment({
    id: randomUUID(),
    issueId,
    url,
    title: 'Pipeline',
    subtitle: 'passed',
    metadata: { status: 'passed' },
  });
  expect(again.attachmentId).toBe(first.attachmentId);
  const found = await client.attachmentsForURL(url);
  expect(found.nodes).toMatchObject([{ subtitle: 'passed', metadata: { status: 'passed' } }]);
  expect((await found.nodes[0]?.issue)?.id).toBe(issueId);
  expect((await (await client.issue(issueId)).attachments()).nodes).toHaveLength(1);
  expect((await client.attachmentsForURL('https://example.com/')).nodes).toEqual([]);
});
