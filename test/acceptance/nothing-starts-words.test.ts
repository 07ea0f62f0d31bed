import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { betterfleet } from './support/example.ts';
import { innards, type Scene, sceneOf, wordsOf } from './support/scene.ts';

/** What somebody typed behind `/release`, and what they must read. */
type Case = [what: string, typed: string, reads: string[]];

const typos: Case[] = [
  ['a letter left out', 'cutoff bf-mange-core', ['"bf-mange-core"', 'Did you mean "bf-manage-core"?']],
  ['the end left out', 'deploy bf-manage-cor', ['Did you mean "bf-manage-core"?']],
  ['underscores for hyphens', 'deploy bf_manage_web', ['Did you mean "bf-manage-web"?']],
  ['a hyphen left out', 'cutoff bf-digitaltwin', ['Did you mean "bf-digital-twin"?']],
  ['two letters swapped', 'cutoff bf-felet-health', ['Did you mean "bf-fleet-health"?']],
  ['a typo in capitals', 'DEPLOY BF-MANAGE-CONECT', ['Did you mean "bf-manage-connect"?']],
  ['a short "all"', 'cutoff al', ['Did you mean "all"?']],
  ['quotes around the id', 'cutoff "bf-manage-core"', ['Did you mean "bf-manage-core"?']],
  ['code marks around the id', 'deploy `bf-manage-core`', ['Did you mean "bf-manage-core"?']],
  ['a comma list', 'cutoff bf-bnl-settings,', ['Did you mean "bf-bnl-settings"?']],
];

const list = 'Type `/release`, and choose from the list';
const strangers: Case[] = [
  ['gibberish', 'cutoff zzzzzzzzzzzzzzzz', ['There is no project "zzzzzzzzzzzzzzzz"', list]],
  ['the GitLab path', 'deploy betterfleet/bf-manage-core', ['The catalogue does not list it', list]],
  ['a channel-wide ping', 'cutoff <!channel>', ['"&lt;!channel&gt;"', list]],
  ['a mention', 'cutoff <@U0ADMIN>', ['"&lt;@U0ADMIN&gt;"', list]],
  ['a disguised link', 'deploy <https://evil.example|x>', ['&lt;https://evil.example|x&gt;', list]],
  ['an entity', 'deploy &lt;!here&gt;', ['&amp;lt;!here&amp;gt;', list]],
  ['an emoji code', 'cutoff :rocket:', ['":rocket:"', list]],
  ['emoji', 'cutoff 🚀🚀🚀', ['"🚀🚀🚀"', list]],
  ['bold marks', 'cutoff *bold*everything*', ['There is no project', list]],
  ['90 letters', `cutoff ${'x'.repeat(90)}`, [`"${'x'.repeat(90)}"`, list]],
  ['190 ampersands', `cutoff ${'&'.repeat(190)}`, ['There is no project', list]],
  ['a name of the language', 'deploy __proto__', ['"__proto__"', list]],
  ['another', 'deploy constructor', ['"constructor"', list]],
  ['a path upwards', 'cutoff ../../etc/passwd', ['"../../etc/passwd"', list]],
  ['letters that run backwards', 'cutoff bf‮eroc', ['There is no project', list]],
];

const unknown: Case[] = [
  ['cutof', 'cutof', ['"cutof" is no /release command', 'Did you mean `/release cutoff`?']],
  ['cut-off', 'cut-off bf-manage-core', ['Did you mean `/release cutoff`?']],
  ['depoly', 'depoly', ['Did you mean `/release deploy`?']],
  ['capitals', 'DEPLY all', ['"DEPLY"', 'Did you mean `/release deploy`?']],
  ['stauts', 'stauts', ['Did you mean `/release status`?']],
  ['hlep', 'hlep', ['Did you mean `/release help`?']],
  ['rollback', 'rollback bf-manage-core', ['"rollback" is no /release command', '`/release help`']],
  ['gibberish', 'xyzzy', ['`/release help`']],
  ['a project alone', 'bf-manage-core', ['"bf-manage-core" is no /release command', '`/release help`']],
  ['a ping', '<!here> cutoff', ['"&lt;!here&gt;" is no', '`/release help`']],
  ['an emoji', '🚀', ['"🚀" is no /release command']],
];

const tooMuch: Case[] = [
  [
    'two projects',
    'cutoff bf-manage-core bf-manage-web',
    ['"bf-manage-web" is one word too many', 'never both', '`/release cutoff bf-manage-core`'],
  ],
  [
    'all and one',
    'deploy all bf-manage-core',
    ['"bf-manage-core" is one word too many', '`/release deploy all`'],
  ],
  ['polite words', 'cutoff bf-manage-core now please', ['"now" is one word too many']],
  ['SQL', "deploy x'); drop table event;--", ['"drop" is one word too many']],
  ['two ids', 'status aaaaaaaa bbbbbbbb', ['"bbbbbbbb" is one word too many', '`/release status aaaaaaaa`']],
  [
    '201 characters',
    `cutoff ${'y'.repeat(194)}`,
    ['201 characters long', '200 are read at most', '`/release help`'],
  ],
  [
    '1,500 characters',
    `cutoff ${'bf-manage-core '.repeat(100)}`.slice(0, 1_500).trim(),
    ['characters long', 'Nothing was started'],
  ],
  ['3,000 pings', '<!channel>'.repeat(300), ['3000 characters long', 'Nothing was started']],
];

const noStatus: Case[] = [
  ['an id that never was', 'status zzzzzzzz', ['There is no invocation "zzzzzzzz"', '`/release status`']],
  ['an id in code marks', 'status `zzzzzzzz`', ['There is no invocation "zzzzzzzz"']],
  ['a ping', 'status <!channel>', ['"&lt;!channel&gt;"', '`/release status`']],
  ['a path', 'status ../../events', ['There is no invocation "../../events"']],
  ['190 letters', `status ${'z'.repeat(190)}`, ['There is no invocation']],
];

describe('a command that cannot be meant', () => {
  let town: Town;
  let scene: Scene;
  beforeAll(async () => {
    town = await startTown({ catalogue: await betterfleet() });
    scene = sceneOf(town);
  });
  afterAll(() => town.stop());
  afterEach(async () => {
    expect(await scene.started()).toEqual([]);
    expect(await scene.parents()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
  });

  const readsOnlyAWhisper = async (_what: string, typed: string, reads: string[]) => {
    const before = (await scene.whispers()).length;
    expect(await scene.type(typed)).toMatchObject({ acknowledged: true });
    const whispers = await scene.whispers();
    expect(whispers).toHaveLength(before + 1);
    const words = wordsOf(whispers.at(-1));
    for (const part of reads) expect(words).toContain(part);
    expect(words).not.toMatch(/<![a-z]+>/);
    expect(words).not.toMatch(innards);
    expect(whispers.at(-1)?.text).not.toBe('');
    expect(await scene.topView()).toBeUndefined();
  };

  test.each(typos)('a mistyped project (%s) gets the one that was meant', readsOnlyAWhisper);
  test.each(strangers)('an unknown project (%s) gets the way to the list', readsOnlyAWhisper);
  test.each(unknown)('an unknown word (%s) gets a suggestion', readsOnlyAWhisper);
  test.each(tooMuch)('too much (%s) is told to be too much', readsOnlyAWhisper);
  test.each(noStatus)('the status of nothing (%s) is told to be of nothing', readsOnlyAWhisper);

  test('a project in capitals is the project, and only a modal opens', async () => {
    await scene.type('cutoff BF-Manage-CORE');
    const view = await scene.topView();
    expect(view?.values['project']?.['project']).toMatchObject({
      selected_option: { value: 'bf-manage-core' },
    });
    await town.people.close({ user: rita });
  });
});

/** Slack's own words beside a required input: it does not even send the submit (the server's own no: see forged). */
const requiredByConfirm = 'Please complete this required field.';

describe('a modal that is not complete', () => {
  let town: Town;
  let scene: Scene;
  beforeAll(async () => {
    town = await startTown({ catalogue: await betterfleet() });
    scene = sceneOf(town);
  });
  afterAll(() => town.stop());
  afterEach(async () => {
    await town.people.close({ user: rita, all: true });
    expect(await scene.started()).toEqual([]);
    expect(await scene.parents()).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
  });

  test.each([
    ['one project', 'cutoff bf-manage-core'],
    ['all projects', 'deploy all'],
    ['one project to deploy', 'deploy bf-bnl-ui'],
  ])('without confirm nothing starts for %s, and it says so beside the box', async (_what, typed) => {
    await scene.type(typed);
    await town.people.submit({ user: rita });
    expect((await scene.topView())?.errors).toEqual({ confirm: requiredByConfirm });
  });

  test('confirm ticked and unticked again is no confirm', async () => {
    await scene.type('cutoff all');
    await scene.choose('confirm', 'yes');
    await town.people.choose({ user: rita, blockId: 'confirm', actionId: 'confirm', values: [] });
    await town.people.submit({ user: rita });
    expect((await scene.topView())?.errors).toEqual({ confirm: requiredByConfirm });
  });

  test.each([
    ['no action and no project', '', ['action', 'project']],
    ['no project', 'cutoff', ['project']],
  ])('with %s Slack itself asks for it, and nothing is sent', async (_what, typed, missing) => {
    await scene.type(typed);
    await scene.choose('confirm', 'yes');
    const result = await town.people.submit({ user: rita });
    expect(Object.keys(result.blocked ?? {})).toEqual(missing);
  });

  test('Cancel cancels', async () => {
    await scene.type('deploy all');
    await scene.choose('confirm', 'yes');
    await town.people.close({ user: rita });
    expect(await scene.topView()).toBeUndefined();
    await scene.type('');
  });
});
