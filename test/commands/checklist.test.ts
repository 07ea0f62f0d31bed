import { describe, expect, test } from 'vitest';
import { ada, nora, rita, tess } from '../support/catalogue.ts';
import { releaseStage, tara, timo, wordsOf } from './release-stage.ts';
import { answered, event, gateOf, identified, opening, phase, workspace } from './sample-release.ts';

type Stage = Awaited<ReturnType<typeof releaseStage>>;

/** Opens the checklist and the form of one item in it. */
async function atItem(it: Stage, user: string, gate: string) {
  await it.type(user, 'validate 2026.47');
  await it.titled(user, 'Checklist');
  await it.press(user, 'checklist_answer', `2026.47/${gate}`);
  return it.titled(user, 'Answer');
}

describe('/release validate', () => {
  test('opens a release once, however often Start is pressed', async () => {
    const it = await releaseStage();
    await it.type(rita, 'validate');
    const form = await it.titled(rita, 'Validate release');
    expect(form.values).toMatchObject({ name: { name: { value: '2026.47' } } });
    await it.submit(rita, 2);
    const release = await it.release();
    expect(release).toMatchObject({ name: '2026.47', pass: 1, openedBy: rita, environment: 'staging' });
    expect(await it.events()).toEqual([]);
  });

  test('of a release that is there shows its checklist at once', async () => {
    const it = await releaseStage();
    await it.open(identified());
    await it.type(tess, 'validate 2026.47');
    expect(wordsOf(await it.titled(tess, 'Checklist'))).toContain('0 of 3 answered');
  });

  test('suggests the latest that is not GO, and goes on with it', async () => {
    const it = await releaseStage();
    await it.record([event('ReleaseOpened', opening('2026.40'))], rita, '2026.40');
    await it.type(tess, 'validate');
    const form = await it.titled(tess, 'Validate release');
    expect(form.values).toMatchObject({ name: { name: { value: '2026.40' } } });
    await it.submit(tess);
    await it.titled(tess, 'Checklist');
  });

  test('is for release engineers to open, testers to go on with, and nobody else', async () => {
    const it = await releaseStage();
    await it.type(tess, 'validate');
    expect(wordsOf(await it.whisper(tess))).toContain('release-engineer');
    await it.type(nora, 'validate');
    expect(wordsOf(await it.whisper(nora))).toContain('tester');
    await it.open(identified());
    await it.type(nora, 'validate 2026.47');
    expect(await it.views(nora)).toEqual([]);
  });

  test('says so where the catalogue has nothing to validate', async () => {
    const it = await releaseStage({ phases: [] });
    await it.type(rita, 'validate');
    expect(wordsOf(await it.whisper(rita))).toContain('There is nothing to validate.');
  });

  test('tells a name that is none beside its input', async () => {
    const it = await releaseStage();
    await it.type(rita, 'validate');
    await it.titled(rita, 'Validate release');
    await it.enter(rita, 'name', 'two words');
    await it.submit(rita);
    const form = await it.titled(rita, 'Validate release');
    expect(form.errors['name']).toContain('is no name for a release');
  });
});

describe('an item of the checklist', () => {
  test('is answered, and the list behind it shows it', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'pass');
    await it.enter(tess, 'note', 'as admin, with hunter2');
    await it.submit(tess);
    const list = await it.top(tess, (view) => wordsOf(view).includes('1 of 3 answered'));
    expect(wordsOf(list)).toContain('as admin, with [removed: password]');
    expect((await it.release()).gates['login']?.answers).toMatchObject([
      { by: tess, outcome: 'pass', note: 'as admin, with [removed: password]' },
    ]);
  });

  test('is recorded once when its submit comes twice', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'pass');
    await it.submit(tess, 3);
    await it.top(tess, (view) => wordsOf(view).includes('1 of 3 answered'));
    expect((await it.events()).filter((type) => type === 'ItemAnswered')).toHaveLength(1);
  });

  test('tells what is missing beside its input, or above it where it is long', async () => {
    const it = await releaseStage();
    await it.open(identified());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'fail');
    await it.submit(tess);
    expect((await it.titled(tess, 'Answer')).errors['note']).toBe('A note is missing. Write what was seen.');
    await it.enter(tess, 'note', 'blank page');
    await it.enter(tess, 'link', 'https://ci.test/?token=hunter2');
    await it.submit(tess);
    expect((await it.titled(tess, 'Answer')).errors['link']).toContain('The link holds a secret.');
  });

  test('needs the workspace, which is recorded from the list', async () => {
    const it = await releaseStage();
    await it.open(identified());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'pass');
    await it.submit(tess);
    expect(wordsOf(await it.titled(tess, 'Release'))).toContain('workspace and depot are not recorded yet');
    await it.control.close({ user: tess, all: true });
    await it.type(tess, 'validate 2026.47');
    await it.titled(tess, 'Checklist');
    await it.press(tess, 'checklist_workspace');
    await it.titled(tess, 'Workspace and depot');
    await it.enter(tess, 'workspace', 'depot SIMULATION');
    await it.submit(tess);
    expect(wordsOf(await it.titled(tess, 'Release'))).toContain('is reserved for something else');
    await it.control.close({ user: tess });
    await it.enter(tess, 'workspace', 'Smoke test');
    await it.submit(tess);
    await it.top(tess, (view) => wordsOf(view).includes('Workspace *Smoke test*, depot *Depot A*'));
  });

  test('that somebody answered meanwhile is shown once, with what was entered kept', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.record([answered('login', { outcome: 'fail', note: 'blank for me' })], timo);
    it.time.move(60_000);
    await it.choose(tess, 'outcome', 'pass');
    await it.enter(tess, 'note', 'works for me');
    await it.submit(tess);
    const form = await it.top(tess, (view) => wordsOf(view).includes('meanwhile'));
    expect(wordsOf(form)).toContain('blank for me');
    expect(form.values).toMatchObject({ note: { note: { value: 'works for me' } } });
    await it.submit(tess);
    await it.titled(tess, 'Checklist');
    expect((await it.release()).gates['login']?.answers).toMatchObject([{ by: tess, outcome: 'pass' }]);
  });

  test('that two answer at the same time keeps both, and the failure wins', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await atItem(it, timo, 'login');
    await it.choose(tess, 'outcome', 'pass');
    await it.choose(timo, 'outcome', 'fail');
    await it.enter(timo, 'note', 'blank page');
    await Promise.all([it.submit(tess), it.submit(timo)]);
    await it.titled(tess, 'Checklist');
    await it.titled(timo, 'Checklist');
    expect((await it.release()).gates['login']?.answers.map(({ by }) => by).sort()).toEqual(
      [tess, timo].sort(),
    );
    await it.type(rita, 'validate 2026.47');
    expect(wordsOf(await it.titled(rita, 'Checklist'))).toContain(':x: *fail* · Login succeeds');
  });

  test('is recorded although the list behind it is gone', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'pass');
    await it.control.addFault({ kind: 'http500', method: 'views.update' });
    expect(await it.submit(tess)).toMatchObject({ acknowledged: true });
    await it.titled(tess, 'Checklist');
    expect((await it.release()).gates['login']?.answers).toHaveLength(1);
  });

  test('is assigned and given back, with what was entered kept', async () => {
    const it = await releaseStage();
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.enter(tess, 'note', 'half done');
    await it.press(tess, 'item_assign');
    const form = await it.top(tess, (view) => wordsOf(view).includes('Unassign'));
    expect(form.values).toMatchObject({ note: { note: { value: 'half done' } } });
    expect((await it.release()).gates['login']?.assignee).toBe(tess);
    await it.press(tess, 'item_assign');
    await it.top(tess, (view) => wordsOf(view).includes('Assign to me'));
    expect((await it.release()).gates['login']?.assignee).toBeNull();
  });

  test('is not answered by somebody who lost the role meanwhile', async () => {
    const tester = { users: [tess], groups: [] };
    const roles = {
      releaseEngineer: { users: [rita], groups: [] },
      tester,
      admin: { users: [], groups: [] },
    };
    const it = await releaseStage({ roles });
    await it.open(identified(), workspace());
    await atItem(it, tess, 'login');
    await it.choose(tess, 'outcome', 'pass');
    tester.users.pop();
    await it.submit(tess);
    expect(wordsOf(await it.titled(tess, 'Release'))).toContain('You do not have the role');
    expect(await it.events()).not.toContain('ItemAnswered');
  });
});

test('50 answers of 5 people at once: none is lost, and the history shows each', async () => {
  const gates = Array.from({ length: 10 }, (_, index) => gateOf(`item-${index}`));
  const group = { id: 'all', name: 'All', answers: 'checks' as const, workspace: false, gates };
  const of = { ...phase, groups: [group] };
  const it = await releaseStage({ phases: [of] });
  await it.openAs(opening('2026.47', of), identified());
  const team = [tess, timo, tara, rita, ada];
  const answerAll = async (user: string) => {
    await it.type(user, 'validate 2026.47');
    for (const { id } of gates) {
      await it.titled(user, 'Checklist');
      await it.press(user, 'checklist_answer', `2026.47/${id}`);
      await it.titled(user, 'Answer');
      await it.choose(user, 'outcome', 'pass');
      await it.submit(user);
    }
  };
  await Promise.all(team.map(answerAll));
  const answers = (await it.history()).filter(({ type }) => type === 'ItemAnswered');
  expect(answers).toHaveLength(50);
  for (const user of team) expect(answers.filter(({ actor }) => actor === user)).toHaveLength(10);
});
