import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitlabControl } from '../../sandbox/gitlab/control-client.ts';
import { slackControl } from '../../sandbox/slack/person.ts';
import { type Sandbox, startSandbox } from '../../sandbox/town.ts';
import { browserArgs, chromiumPath, hasChromium } from './page/stage.ts';

/** Each step leaves a picture here, for people to look at. */
const pictures = join(import.meta.dirname, '..', '..', '.data', 'screenshots');

const suite = hasChromium
  ? 'a newcomer in the sandbox'
  : `a newcomer in the sandbox (skipped: no ${chromiumPath})`;

describe.skipIf(!hasChromium)(suite, { timeout: 240_000 }, () => {
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    sandbox = await startSandbox({ port: 0 });
    browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args: browserArgs });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    await page.goto(sandbox.addresses.page);
    await page.getByText('Bot connected').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  const picture = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });
  const say = async (text: string) => {
    await page.locator('#composer').focus();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const dialog = () => page.getByRole('dialog');
  const thread = () => page.getByRole('complementary', { name: 'Thread' });
  const messages = () => page.getByRole('region', { name: 'Messages' });
  const message = (title: string) => messages().getByRole('listitem').filter({ hasText: title }).first();

  test('reads what a mistyped command was meant to be', async () => {
    await picture('1-first-visit');
    await say('/release deploi');
    await messages().getByText('Did you mean').waitFor();
    await picture('2-mistyped');
  });

  test('takes a cut-off of one project from the command to the finished thread by keyboard alone', async () => {
    // The sandbox begins with a release on staging, which took pipelines.
    const before = (await gitlabControl(sandbox.addresses.gitlab).pipelines()).length;
    await say('/release cutoff bf-manage-core');
    await dialog().waitFor();
    await picture('3-modal');
    // Without the tick, the form stays and says so.
    await page.keyboard.press('Control+Enter');
    await dialog().getByText('Without this tick nothing starts').waitFor();
    await picture('4-not-confirmed');
    expect((await gitlabControl(sandbox.addresses.gitlab).pipelines()).length).toBe(before);
    await dialog().getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    await dialog().waitFor({ state: 'detached' });
    const parent = message('Cut-off of bf-manage-core');
    await parent.waitFor();
    await picture('5-started');
    await parent.getByRole('button', { name: /1 reply/ }).focus();
    await page.keyboard.press('Enter');
    await thread().getByText('passed').first().waitFor({ timeout: 60_000 });
    await parent.getByText('Passed', { exact: true }).waitFor({ timeout: 20_000 });
    await picture('6-finished');
    await page.keyboard.press('Escape');
  });

  test('deploys all 16 projects: one pipeline each, one reply each, and an end', async () => {
    await say('/release deploy all');
    await expect.poll(() => dialog().getByRole('combobox').inputValue()).toBe('all (16 projects)');
    await picture('7-deploy-all');
    await dialog().getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    const parent = message('Deploy to staging of all 16 projects');
    await parent.getByText(/[3-9] of 16 ended/).waitFor({ timeout: 120_000 });
    await picture('8-under-way');
    await parent.getByRole('button', { name: /repl/ }).click();
    await parent.getByText('16 of 16 ended').waitFor({ timeout: 150_000 });
    await expect
      .poll(() => thread().getByText('passed').count(), { timeout: 60_000 })
      .toBeGreaterThanOrEqual(16);
    await picture('9-all-finished');
    const pipelines = await gitlabControl(sandbox.addresses.gitlab).pipelines();
    const deploys = pipelines.filter(
      ({ source, variables }) =>
        source !== 'web' && variables.some(({ key }) => key === 'ORCHESTRATION_RELEASE'),
    );
    expect(new Set(deploys.map(({ project }) => project)).size).toBe(16);
    expect(deploys).toHaveLength(16);
    expect(await slackControl(sandbox.addresses.slack).refusals()).toEqual([]);
  });

  test('somebody without the role reads which one it takes and whom to ask', async () => {
    await page.keyboard.press('Escape');
    await page.getByLabel('You are').selectOption({ label: 'Gus Guest' });
    await say('/release deploy bf-manage-core');
    await messages().getByText('You do not have the role').waitFor();
    await picture('10-without-role');
  });
});
