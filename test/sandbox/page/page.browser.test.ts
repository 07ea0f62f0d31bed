import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { gitlabControl } from '../../../sandbox/gitlab/control-client.ts';
import { slackControl } from '../../../sandbox/slack/person.ts';
import { chromiumPath, hasChromium, type Stage, setStage } from './stage.ts';

const suite = hasChromium ? 'the page in Chromium' : `the page in Chromium (skipped: no ${chromiumPath})`;

describe.skipIf(!hasChromium)(suite, { timeout: 20_000 }, () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage();
  }, 60_000);
  afterAll(async () => stage?.close());
  afterEach(async () => {
    await page.context().close();
    const { views } = await slackControl(stage.slackUrl).screen('U01ADA');
    if (views.length > 0) await slackControl(stage.slackUrl).close({ user: 'U01ADA', all: true });
    await fetch(`${stage.slackUrl}/_control/faults`, { method: 'DELETE' });
    await gitlabControl(stage.gitlabUrl).removeFault();
  });

  const keys = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name);
  };
  const focused = () => page.locator(':focus').getAttribute('id');
  /** Types a command into the command box, completing its name with Tab. */
  const command = async (words: string) => {
    await page.locator('#composer').focus();
    await page.keyboard.type('/re');
    await page.getByRole('option', { name: /\/release/ }).waitFor();
    await keys('Tab');
    await page.keyboard.type(words);
    await keys('Enter');
  };
  const dialog = () => page.getByRole('dialog');
  const openModal = async () => {
    await command('cutoff');
    await dialog().waitFor();
  };
  /** Chooses action and project in the open modal by keyboard, and ends on the note. */
  const fillIn = async (project: string) => {
    await keys('ArrowDown', 'Enter', 'Tab');
    await page.keyboard.type(project);
    await page.getByRole('option', { name: project }).waitFor();
    await keys('Enter', 'Tab');
  };

  test('a release is started by keyboard alone: command, modal, error, submit, message, thread', async () => {
    page = await stage.open();
    await openModal();
    await fillIn('bf-service-042');
    await page.keyboard.type('weekly');
    await keys('Enter');
    await page.getByText('Nothing starts without this').waitFor();
    // The wrong answer has the keyboard now.
    await keys('Space', 'Control+Enter');
    await dialog().waitFor({ state: 'detached' });
    expect(await focused()).toBe('composer');
    const message = page.getByRole('listitem').filter({ hasText: 'Cut-off of bf-service-042' });
    await message.waitFor();
    const replies = message.getByRole('button', { name: /1 reply/ });
    await replies.focus();
    await keys('Enter');
    await page.getByRole('complementary', { name: 'Thread' }).getByText('passed').waitFor();
    await keys('Escape');
    const thread = await replies.getAttribute('data-thread');
    await expect.poll(() => page.locator(':focus').getAttribute('data-thread')).toBe(thread);
    expect(await slackControl(stage.slackUrl).refusals()).toEqual([]);
  });

  test('a modal keeps Tab inside, and Escape gives the keyboard back', async () => {
    page = await stage.open();
    await openModal();
    for (let i = 0; i < 20; i += 1) {
      await keys('Tab');
      expect(await page.locator('dialog :focus').count()).toBe(1);
    }
    await keys('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await focused()).toBe('composer');
  });

  test('Escape closes an open list before it closes the modal', async () => {
    page = await stage.open();
    await openModal();
    await keys('ArrowDown');
    await page.getByRole('option', { name: 'bring-all-code-to-release-branch' }).waitFor();
    await keys('Escape');
    await dialog().getByRole('listbox').waitFor({ state: 'detached' });
    expect(await dialog().count()).toBe(1);
    await keys('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('text being typed survives whatever arrives meanwhile', async () => {
    page = await stage.open();
    await openModal();
    await keys('Tab', 'Tab');
    const slack = slackControl(stage.slackUrl);
    for (const letter of 'half a sentence') {
      await page.keyboard.type(letter);
      await slack.say({ user: 'U02GRACE', channel: 'C01RELEASES', text: `noise ${letter}` });
    }
    await page.getByText('noise e').last().waitFor({ state: 'attached' });
    expect(await page.getByLabel(/Note for the thread/).inputValue()).toBe('half a sentence');
    await page.getByText('15 / 100').waitFor();
    await expect
      .poll(async () => (await slack.screen('U01ADA')).views[0]?.values['note']?.['note'])
      .toMatchObject({ value: 'half a sentence' });
    await keys('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('the modal says when the app did not answer the submit, and keeps what was filled in', async () => {
    page = await stage.open();
    await openModal();
    await fillIn('bf-service-007');
    await page.keyboard.type('silent');
    await keys('Enter');
    await page.getByRole('button', { name: 'Working…' }).waitFor();
    expect(await page.getByRole('button', { name: 'Working…' }).isDisabled()).toBe(true);
    await page.getByText('We had some trouble connecting').waitFor();
    expect(await page.getByLabel(/Note for the thread/).inputValue()).toBe('silent');
    await keys('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  test('a button with a confirm dialog asks first', async () => {
    page = await stage.open();
    await openModal();
    await fillIn('bf-service-011');
    await keys('Tab', 'Space', 'Control+Enter');
    const message = page.getByRole('listitem').filter({ hasText: 'Cut-off of bf-service-011' });
    const stop = message.getByRole('button', { name: 'Stop' });
    await stop.press('Enter');
    await page.getByRole('alertdialog', { name: 'Stop the cut-off?' }).waitFor();
    await keys('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await page.getByText('Stopped 2 targets').count()).toBe(0);
    await stop.press('Enter');
    await page.getByRole('button', { name: 'Stop it' }).press('Enter');
    await page.getByText('Stopped 2 targets').first().waitFor();
  });

  test('an ephemeral answer is marked, and gone after a reload', async () => {
    page = await stage.open();
    await command('cutof');
    await page.getByText('Only visible to you').waitFor();
    await page.getByRole('main').getByText('Did you mean').waitFor();
    await page.reload();
    await page.getByText('Bot connected').waitFor();
    expect(await page.getByText('Did you mean').count()).toBe(0);
    await page.getByRole('heading', { name: '# releases' }).waitFor();
  });

  test('Home is what the app publishes for this person', async () => {
    page = await stage.open();
    await page.getByRole('button', { name: 'gonogo Home' }).press('Enter');
    await page.getByRole('heading', { name: 'Your releases' }).waitFor();
  });

  test('a fault is switched on and taken back; a project’s own script comes back', async () => {
    page = await stage.open();
    const slack = slackControl(stage.slackUrl);
    const gitlab = gitlabControl(stage.gitlabUrl);
    const core = async () =>
      (await gitlab.state()).projects.find(({ path }) => path.endsWith('/bf-manage-core'))?.spec;
    await gitlab.world({ projects: [{ path: 'betterfleet/bf-manage-core', pipeline: 'downstream-passes' }] });
    await page.getByRole('tab', { name: 'What goes wrong' }).click();
    const down = page.getByRole('switch', { name: 'GitLab is down' });
    const branch = page.getByRole('switch', { name: 'Has no release branch' });
    const fails = page.getByRole('switch', { name: 'Its next pipelines fail' });
    const lost = page.getByRole('switch', { name: 'Slack takes the next message, then loses its answer' });
    for (const toggle of [down, branch, fails, lost]) await toggle.press('Space');
    await expect.poll(core).toMatchObject({ branches: ['main'], pipeline: 'fails' });
    await expect.poll(gitlab.faults).toMatchObject([{ kind: 'outage' }]);
    await expect
      .poll(() => slack.faults())
      .toMatchObject([{ kind: 'acceptThenReset', method: 'chat.postMessage' }]);
    await page.getByText('4 going wrong now.').waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'What goes wrong' }).click();
    await page.getByText('4 going wrong now.').waitFor();
    await page.getByRole('button', { name: 'Mend all' }).press('Enter');
    await page.getByText('Nothing goes wrong at the moment.').waitFor();
    expect(await core()).toMatchObject({ branches: ['main', 'release'], pipeline: 'downstream-passes' });
    expect(await gitlab.faults()).toEqual([]);
    expect(await slack.faults()).toEqual([]);
  });

  test('a pipeline is started as if in GitLab’s own screen, and its state is shown', async () => {
    page = await stage.open();
    await page.getByRole('tab', { name: 'GitLab', exact: true }).click();
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'bf-manage-web' });
    await page.getByLabel('Signal').selectOption({ label: 'release' });
    await page.getByRole('button', { name: 'Run pipeline' }).press('Enter');
    const row = page
      .getByRole('listitem')
      .filter({ hasText: 'bf-manage-web' })
      .filter({ hasText: 'GitLab’s screen' });
    await row.getByText('success').waitFor();
    const [pipeline] = await gitlabControl(stage.gitlabUrl).pipelines('betterfleet/bf-manage-web');
    expect(pipeline).toMatchObject({
      source: 'web',
      ref: 'release',
      variables: [{ key: 'ORCHESTRATION_RELEASE' }],
    });
  });

  test('the root’s pipeline asks for all projects in its own words', async () => {
    page = await stage.open();
    await page.getByRole('tab', { name: 'GitLab', exact: true }).click();
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'bf-dev (starts all projects)' });
    await page.getByRole('button', { name: 'Run pipeline' }).press('Enter');
    const root = () => gitlabControl(stage.gitlabUrl).pipelines('betterfleet/bf-dev');
    const inputs = { action: 'bring-all-code-to-release-branch', project: 'all', confirm: true };
    await expect.poll(root).toMatchObject([{ source: 'web', inputs }]);
    await page.getByText('from another pipeline').first().waitFor();
  });

  test('a double click delivers the submit twice', async () => {
    page = await stage.open();
    await page.getByRole('tab', { name: 'What goes wrong' }).click();
    const toggle = page.getByRole('switch', { name: /double click/ });
    await toggle.press('Space');
    await openModal();
    await fillIn('bf-service-099');
    await keys('Tab', 'Space', 'Control+Enter');
    const messages = page.getByRole('main').getByRole('heading', { name: 'Cut-off of bf-service-099' });
    await expect.poll(() => messages.count()).toBe(2);
    expect(await toggle.isChecked()).toBe(false);
  });

  test.each([
    ['wide', 1600, 1000],
    ['usual', 1280, 800],
    ['narrow', 900, 700],
  ])('nothing sticks out sideways on a %s screen', async (_name, width, height) => {
    page = await stage.open({ width, height });
    const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page
      .getByRole('button', { name: /1 reply/ })
      .first()
      .press('Enter');
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});
